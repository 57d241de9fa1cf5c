/**
 * Personal data in what people write, found before it leaves the browser.
 *
 * The rules of portal/text/personal_data.py and assistant/dialogue/cleaning.py, line by line; a test gives both
 * the same texts. The server looks again: this is for the visitor, that is for certain.
 */

export const MASK = "***";
/** What stops a message here. Names and plates are only hidden, by the server: they are guesses. */
export const STOPPING = new Set([
  "identity_number", "bank_card", "long_number", "mobile", "landline", "email", "passport",
]);

/* ---- What cannot be seen is taken out first -------------------------------------------------- */

const LONGEST = 10_000;
const NEW_LINE = /[\n\r\u2028\u2029\x0b\x0c\x85]/;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/u;

export function clean(text) {
  const kept = [];
  for (const character of [...text].slice(0, LONGEST).join("").normalize("NFC")) {
    if (NEW_LINE.test(character)) {
      kept.push("\n");
    } else if (character === "\t") {
      kept.push(" ");
    } else if (!INVISIBLE.test(character)) {
      kept.push(character);
    }
  }
  return kept.join("").replace(/[^\S\n]+/g, " ").replace(/ ?\n[ \n]*/g, "\n").trim();
}

/* ---- Finding --------------------------------------------------------------------------------- */

/** All finds in their order, without overlaps: `{kind, start, end}` in UTF-16 units. */
export function find(text) {
  const found = [...numbers(text), ...patterns(text), ...names(text)];
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept = [];
  for (const item of found) {
    const last = kept.at(-1);
    if (last && item.start < last.end) {
      last.end = Math.max(last.end, item.end);
    } else {
      kept.push({ ...item });
    }
  }
  return kept;
}

/** The cleaned text with every find replaced by the mask, and what kinds were found. */
export function scrub(text) {
  const source = clean(text);
  const found = find(source);
  let masked = "";
  let last = 0;
  for (const item of found) {
    masked += source.slice(last, item.start) + MASK;
    last = item.end;
  }
  return { text: masked + source.slice(last), kinds: [...new Set(found.map((item) => item.kind))] };
}

/* ---- Numbers --------------------------------------------------------------------------------- */

const WRITTEN = "〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖";
const WRITTEN_VALUES = "001234567891" + "2123456789";
const CHINESE_DIGITS = new Map([...WRITTEN].map((sign, place) => [sign, WRITTEN_VALUES[place]]));
const JOINS = new Set(" -\u2010\u2011\u2012\u2013\u2014\u2212.·_\u3000");
const SHORTEST = 7;
const LANDLINE_CUE = /(?:电话|座机|號碼|号码|联系方式|聯絡|致电|tel|phone|call)\P{Nd}{0,6}$/iu;
const DECIMAL = /^\p{Nd}$/u;

/** The digits of a script stand in a row of ten, from zero on. */
function digitOf(character) {
  if (character >= "0" && character <= "9") {
    return character;
  }
  if (DECIMAL.test(character)) {
    let zero = character.codePointAt(0);
    const code = zero;
    while (DECIMAL.test(String.fromCodePoint(zero - 1))) {
      zero -= 1;
    }
    return String((code - zero) % 10);
  }
  return CHINESE_DIGITS.get(character) ?? "";
}

/** Digits that belong together, however they are separated. */
function* runs(text) {
  let run = null;
  let gap = 0;
  let place = 0;
  for (const character of text) {
    let digit = digitOf(character);
    if (!digit && run && "xXｘＸ".includes(character) && run.digits.length === 17 && !gap) {
      digit = "X"; // the last place of an identity number
    }
    const end = place + character.length;
    if (digit) {
      run ??= { digits: "", start: place, end: place, starts: [], ends: [] };
      run.digits += digit;
      run.starts.push(place);
      run.ends.push(end);
      run.end = end;
      gap = 0;
    } else if (run) {
      gap += 1;
      if (gap > 1 || !JOINS.has(character)) {
        yield run;
        run = null;
        gap = 0;
      }
    }
    place = end;
  }
  if (run) {
    yield run;
  }
}

function* numbers(text) {
  for (const run of runs(text)) {
    if (run.digits.length < SHORTEST || isChineseNumeral(text, run)) {
      continue;
    }
    const kind = kindOf(run.digits, text.slice(Math.max(0, run.start - 16), run.start));
    if (kind) {
      const plus = run.start > 0 && "+＋".includes(text[run.start - 1]);
      yield { kind, start: run.start - (plus ? 1 : 0), end: run.end };
    } else {
      yield* inside(run);
    }
  }
}

/** Short runs in Chinese numerals are ordinary words: 二〇二六年, 一二三四五. */
function isChineseNumeral(text, run) {
  const written = [...text.slice(run.start, run.end)].filter((sign) => CHINESE_DIGITS.has(sign)).length;
  return written * 2 > run.digits.length && run.digits.length < 11;
}

function kindOf(digits, before) {
  const size = digits.length;
  if (size === 18 && (hasBirthday(digits.slice(6, 14)) || hasIdentityChecksum(digits))) {
    return "identity_number";
  }
  if (size === 15 && hasBirthday(`19${digits.slice(6, 12)}`) && digits[0] >= "1" && digits[0] <= "8") {
    return "identity_number";
  }
  if (digits.endsWith("X")) {
    return "long_number";
  }
  if (size >= 14 && size <= 19 && "34569".includes(digits[0]) && hasLuhn(digits)) {
    return "bank_card";
  }
  for (const prefix of ["0086", "86", ""]) {
    const rest = digits.startsWith(prefix) ? digits.slice(prefix.length) : digits;
    if (digits.startsWith(prefix) && rest.length === 11 && /^1[3-9]/.test(rest)) {
      return "mobile";
    }
    if (prefix && digits.startsWith(prefix) && rest.length >= 9 && rest.length <= 11 && size > 11) {
      return "landline";
    }
  }
  if (size >= 10 && size <= 12 && digits[0] === "0") {
    return "landline";
  }
  if ((size === 7 || size === 8) && LANDLINE_CUE.test(before)) {
    return "landline";
  }
  return size >= 16 ? "long_number" : null;
}

/** Numbers that stand in a longer run, such as two telephones with one space between. */
function* inside(run) {
  for (const match of run.digits.matchAll(/1[3-9]\d{9}|[1-8]\d{5}(?:19|20)\d{9}[\dX]/g)) {
    const isMobile = match[0].length === 11;
    if (isMobile || hasBirthday(match[0].slice(6, 14))) {
      const last = match.index + match[0].length - 1;
      yield {
        kind: isMobile ? "mobile" : "identity_number",
        start: run.starts[match.index],
        end: run.ends[last],
      };
    }
  }
}

function hasBirthday(digits) {
  if (!/^\d{8}$/.test(digits)) {
    return false;
  }
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number);
  return year >= 1850 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** GB 11643: ISO 7064, MOD 11-2. */
function hasIdentityChecksum(digits) {
  if (!/^\d{17}[\dX]$/.test(digits)) {
    return false;
  }
  let weight = 1;
  let total = 0;
  for (let place = 16; place >= 0; place -= 1) {
    weight = (weight * 2) % 11;
    total += Number(digits[place]) * weight;
  }
  return "10X98765432"[total % 11] === digits[17];
}

/** The check digit of bank cards. */
function hasLuhn(digits) {
  let total = 0;
  [...digits].reverse().forEach((digit, place) => {
    const doubled = Number(digit) * 2;
    total += place % 2 ? (doubled > 9 ? doubled - 9 : doubled) : Number(digit);
  });
  return total % 10 === 0;
}

/* ---- Patterns -------------------------------------------------------------------------------- */

const PROVINCES =
  "京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊使";
const W = "\\p{L}\\p{N}_";
const PATTERNS = [
  ["email", new RegExp(
    `[${W}.!#$%&'*+/=?^\`{|}~\\-]{1,64}\\s?[@＠]\\s?[${W}\\-]{1,63}(?:[.．][${W}\\-]{1,63}){1,4}`, "gu")],
  ["passport", new RegExp(
    "(?<![A-Za-z0-9])(?:[EGDSPegdsp]\\p{Nd}{8}|[Ee][A-Ha-hJ-Nj-nP-Zp-z]\\p{Nd}{7}" +
    "|[HMhm]\\p{Nd}{8}(?:\\p{Nd}{2})?|[A-Z]{1,2}\\p{Nd}{7,8})(?![A-Za-z0-9])", "gu")],
  ["passport", new RegExp(
    "(?:护照|護照|通行证|通行證|居留证|证件号码?|passport|permit|旅券|여권|паспорт|passeport)" +
    "(?:号码?|號碼?|\\s?(?:no|number|numéro)\\.?)?\\s{0,2}(?:是|为|為|is|:|：|#|№)?\\s{0,2}" +
    "(?<value>(?=[A-Za-z]*\\p{Nd})[A-Za-z0-9]{6,12})(?![A-Za-z0-9])", "giu")],
  ["plate", new RegExp(
    `[${PROVINCES}]\\s?[A-HJ-NP-Za-hj-np-z]\\s?[·•.\\-]?\\s?` +
    "(?=[A-Za-z0-9]*\\p{Nd})[A-HJ-NP-Za-hj-np-z0-9]{4,6}[挂学警港澳領领]?(?![A-Za-z0-9])", "gu")],
];

function* matches(text, pattern, kind) {
  for (const match of text.matchAll(pattern)) {
    const value = match.groups?.value ?? match[0];
    const end = match.index + match[0].length; // a value stands at the end of its match
    yield { kind, start: end - value.length, end, value };
  }
}

function* patterns(text) {
  for (const [kind, pattern] of PATTERNS) {
    yield* matches(text, pattern, kind);
  }
}

/* ---- Names ----------------------------------------------------------------------------------- */

const SURNAMES =
  "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧" +
  "许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏锺鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝" +
  "孔崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文";
const DOUBLE_SURNAMES =
  "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|東方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木";
const HAN = "[\\u4e00-\\u9fff]";
const END =
  "(?=[\\s，,。.！!？?、；;：:（(）)]|$|的|，|今年|想|要|家住|住在|先生|女士|女生|男|，|女，)";
const CALLED = new RegExp(
  "(?:我叫做?|本人叫做?|我的?名字[叫是]|名叫|姓名(?:是|为|為|叫)?\\s?[:：]?\\s?|我姓名是?)" +
  `(?<value>${HAN}{2,4}?${END}|(?:${DOUBLE_SURNAMES})${HAN}{1,2}|[${SURNAMES}]${HAN}{1,2})`, "gu");
const I_AM = new RegExp(
  "(?:我是|本人是?|申请人|聯絡人|联系人)[:：]?\\s?" +
  `(?<value>(?:${DOUBLE_SURNAMES})${HAN}{1,2}?${END}|[${SURNAMES}]${HAN}{1,2}?${END})`, "gu");
const NO_NAMES = new RegExp(
  "^(?:高中|高校|高级|高考|高龄|高层|高管|江苏|江西|金华|石家|石材|马上|马来|马路|方便|方言|常住|常年|常州|" +
  "任何|任职|任课|程序|万一|田里|文盲|文员|武汉|武警|易地|于是|余额|康复|史上|毛坯|苏州|徐州|温州|龙头|" +
  "汤圆|黄牛|何时|何人|周边|周末|夏天|夏令|余姚|雷州|姜农|孔子|林农|林业|许多|许可|曾经|石油|金融|" +
  ".{1,2}[人户县市区镇村籍族省]$|.{1,2}(?:学生|员工|职工|教师|老师|工人|居民|村民|市民|业主|房东|租客)$)", "u");
const LATIN = new RegExp(
  `(?<![${W}])(?:[Mm]y name is|MY NAME IS|[Ii] am called|[Jj]e m['’]appelle|[Mm]eu nome é|[Мм]еня зовут)\\s+` +
  `(?<value>[\\p{L}\\p{Nl}\\p{No}][${W}'’\\-]*(?:\\s+[A-ZÀ-ÞА-Я][${W}'’\\-]*){0,3})`, "gu");

function* names(text) {
  for (const pattern of [CALLED, I_AM]) {
    for (const match of matches(text, pattern, "name")) {
      if (!NO_NAMES.test(match.value)) {
        yield match;
      }
    }
  }
  yield* matches(text, LATIN, "name");
}
