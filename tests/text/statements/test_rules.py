"""One rule of the number watch a test: what it finds, and what it must leave alone."""

import pytest

from portal.text.statements import check, extract

PERMITS = "申请人应当在20个工作日内收到答复；需要延长的，延长期限不超过20个工作日。"
LOANS = "五年期以上贷款利率为2.6%，五年期以下（含五年）为2.1%。"
CARDS = "单张记名卡限额5000元，不记名卡1000元。"
REPORT = "未办理备案的，报销比例下降20个百分点；已办理备案的，下降10个百分点。"
HOUSES = "面积标准为：3人以下户90平方米，4人户110平方米，5人以上户125平方米。"
HOMES = "购买首套住房的，最低首付比例为20%，购买第二套住房的为30%。"
CARE = "半自理每月360元，全护理每月720元。"
LABELS = "购买1级能效产品补贴20%，2级能效产品补贴15%，每件最高2000元。"
FEES = "收费标准\n登记费；单位：件；标准：80元；备注：住宅\n登记费；单位：件；标准：550元；备注：非住宅"


def wrong(text: str, clause: str, language: str = "zh") -> list[str]:
    """What is marked as a mismatch."""
    found = check(text, [("a", clause)], language)
    return [one.statement.printed for one in found if one.kind == "different"]


def marked(text: str, clause: str, language: str = "zh") -> list[str]:
    """What is marked either way."""
    return [one.statement.printed for one in check(text, [("a", clause)], language)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("10月18日、19日开放", [(10, 18), (10, 19)]),
        ("3月5日、15日和25日发放", [(3, 5), (3, 15), (3, 25)]),
        ("5月1日至3日、5日", [(5, 1), (5, 3), (5, 5)]),
    ],
)
def test_lists_of_days_are_dates(text: str, days: list[tuple[int, int]]) -> None:
    dates = [one.value for one in extract(text, "zh") if one.kind == "date"]
    assert [(date.month, date.day) for date in dates] == days  # type: ignore[union-attr]
    assert not [one for one in extract(text, "zh") if one.kind == "duration"]


def test_days_of_waiting_after_a_date_are_no_dates() -> None:
    found = [(one.kind, one.printed) for one in extract("5月1日和3日内", "zh")]
    assert found == [("date", "5月1日"), ("duration", "3日")]


def test_nine_to_five() -> None:
    assert wrong("馆里朝九晚五。", "开放时间为9:00至17:00。") == []
    assert marked("馆里朝八晚五，不休息。", "开放时间为9:00至17:00。") == ["朝八"]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("每户最多养两只狗。", "每户限养一只犬。"),
        ("一次献血最多500毫升。", "每次采集血液最多不超过400毫升。"),
        ("装机不超过50千瓦。", "装机容量不超过30千瓦。"),
        ("Donors give up to 500 millilitres.", "每次采集血液最多不超过400毫升。"),
    ],
)
def test_more_is_counted(text: str, clause: str) -> None:
    assert len(wrong(text, clause, "zh" if text[0] > "z" else "en")) == 1


def test_one_of_a_thing_is_no_figure() -> None:
    assert extract("一棵银杏、一艘渡轮、一只犬", "zh") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("遛狗的绳子不能长于2.5米，否则最高罚款500元。", ["2.5米"]),  # 500 / 200 = 2.5
        ("两次献血之间隔三个月以上。", ["三个月"]),  # 2 × 3 = 6
        ("树龄200年以上、不到500年的为二级。", ["200年"]),  # 500 - 300 = 200
    ],
)
def test_what_happens_to_be_a_result_is_none(text: str, found: list[str]) -> None:
    clause = (
        "犬绳长度不超过1.5米，违者处200元以上500元以下罚款。两次采集间隔不少于6个月。"
        "树龄500年以上的为一级，300年以上不满500年的为二级。"
    )
    assert marked(text, clause) == found


def test_a_result_that_is_announced_is_one() -> None:
    clause = "每招用一人补贴2000元，最高20万元。"
    assert marked("一家单位最多20万元，相当于招用100人。", clause) == []
    assert marked("最多20万元，要招用300人。", clause) == ["300人"]


def test_a_sum_that_stays_below_a_round_figure() -> None:
    clause = "电价每千瓦时0.38元，服务费每千瓦时0.6元。"
    assert marked("每度0.38元，加上服务费也不到1元。", clause) == []
    assert marked("每度0.38元，加上服务费不到2元。", clause) == ["2元"]


def test_a_year_multiplies_nothing_by_one() -> None:
    clause = "个人年度补贴总额不超过20万元，组织不超过60万元。"
    assert wrong("组织一年累计补贴不超过20万元。", clause) == ["20万元"]
    assert wrong("个人一年累计补贴不超过20万元。", clause) == []


def test_the_case_of_a_term() -> None:
    assert wrong("五年以上利率2.1%。", LOANS) == ["2.1%"]
    assert wrong("五年以下利率2.6%。", LOANS) == ["2.6%"]
    assert wrong("五年以上利率2.6%，五年以下（含）2.1%。", LOANS) == []


@pytest.mark.parametrize("household", ["四口之家", "一家四口", "4口人", "四人户"])
def test_the_case_of_a_household(household: str) -> None:
    assert wrong(f"{household}申请宅基地，最多125平方米。", HOUSES) == ["125平方米"]
    assert wrong(f"{household}申请宅基地，最多110平方米。", HOUSES) == []


def test_a_name_that_is_denied_is_another_one() -> None:
    assert wrong("不记名卡最多5000元。", CARDS) == ["5000元"]
    assert wrong("记名卡最多1000元。", CARDS) == ["1000元"]
    assert wrong("记名卡最多5000元，不记名卡1000元。", CARDS) == []
    assert wrong("没有办备案的，报销比例降低10个百分点。", REPORT) == ["10个百分点"]
    assert wrong("没有办备案的，报销比例降低20个百分点。", REPORT) == []
    assert wrong("已经办了备案的，报销比例降低20个百分点。", REPORT) == ["20个百分点"]


def test_levels_in_either_writing() -> None:
    assert wrong("一级能效的空调补贴15%。", LABELS) == ["15%"]
    assert wrong("二级能效的冰箱补贴20%。", LABELS) == ["20%"]
    assert wrong("一级能效补20%，二级能效补15%。", LABELS) == []


def test_an_assumed_price_is_nobodys_figure() -> None:
    clause = LABELS + "手机售价不超过6000元。"
    assert wrong("买一台6000元的一级能效冰箱，补贴1200元，实付4800元。", clause) == []


def test_what_a_list_leaves_out_is_what_follows() -> None:
    assert wrong("首套房首付三成，二套房也是三成。", HOMES) == ["三成"]
    assert wrong("首套房首付两成，二套房三成。", HOMES) == []


def test_a_whole_name_beats_a_part_of_one() -> None:
    assert wrong("不能自理、需要全护理的，每月360元。", CARE) == ["360元"]
    assert wrong("半自理的每月360元，全护理的720元。", CARE) == []


def test_the_row_of_a_table_names_its_figure() -> None:
    assert wrong("住宅登记费每件550元。", FEES) == ["550元"]
    assert wrong("非住宅登记费每件80元。", FEES) == ["80元"]
    assert wrong("住宅登记费每件80元，非住宅550元。", FEES) == []


def test_the_subject_of_a_clause_names_no_figure() -> None:
    clause = "公共充电桩分时：高峰时段每度1.25元，低谷时段每度0.38元；充电服务费每度0.6元。"
    assert wrong("夜里充电便宜，每度0.38元。", clause) == []
    assert wrong("低谷时段每度1.25元。", clause) == ["1.25元"]


def test_one_of_two_equal_figures_may_be_wrong() -> None:
    assert wrong("15个工作日内答复，最多再延长20个工作日。", PERMITS) == ["15个工作日"]
    assert wrong("20个工作日内答复，最多再延长20个工作日。", PERMITS) == []


def test_a_figure_far_from_all_is_not_a_wrong_one() -> None:
    clause = "月缴存基数上限为28410元，下限为2160元。"
    text = "月工资3万元的职工，按上限28410元缴存。"
    assert [(one.kind, one.statement.printed) for one in check(text, [("a", clause)], "zh")] == [
        ("missing", "3万元")
    ]
    assert wrong("本年度缴存基数上限是24810元。", clause) == ["24810元"]


def test_a_day_of_a_month_is_no_day_of_each_month() -> None:
    clause = "补贴于每月10日前发放。"
    assert wrong("3月20日申请的，从3月份算起，每月10号前到账。", clause) == []
    assert wrong("每月15日前到账。", clause) == ["每月15日"]


@pytest.mark.parametrize(
    "text",
    [
        "审批时限由20个工作日压缩到7个工作日。",
        "办理时间从法定的20个工作日压减至7个工作日。",
        "从原来的15个工作日缩短为7个工作日。",
    ],
)
def test_what_stood_before_is_the_texts_own(text: str) -> None:
    assert marked(text, "应当在7个工作日内办结。") == []


def test_what_stood_before_is_compared_where_the_clause_has_it() -> None:
    clause = "补助标准由94元提高到99元。"
    assert wrong("补助标准由90元提高到99元。", clause) == ["90元"]
    assert wrong("补助标准由94元提高到98元。", clause) == ["98元"]


@pytest.mark.parametrize(
    "text", ["今年以来改造小区215个。", "全市累计改造小区215个。", "去年改造小区215个。"]
)
def test_news_is_no_mismatch(text: str) -> None:
    assert wrong(text, "2026年改造老旧小区78个。") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("每个月巡查一次。", ["每个月"]),
        ("半年巡查一次。", ["半年"]),
        ("三个月巡查一次。", []),
        ("每季度巡查一次，全年都有记录。", []),
    ],
)
def test_how_often(text: str, found: list[str]) -> None:
    assert wrong(text, "每季度至少开展一次防火巡查。") == found


def test_how_often_in_other_words() -> None:
    assert marked("三个月查一次。", "查验间隔为3个月。") == []
    assert marked("It is checked every three months.", "每3个月检查一次。", "en") == []
    assert wrong("住满半年就可以。", "居住证每年签注一次，居住1年以上可以申领。") == ["半年"]
    assert [one.unit for one in extract("70周岁以上每年体检一次", "zh")] == ["岁", "often"]


def test_how_often_without_a_count() -> None:
    clause = "平台每季度至少抽检入网商户的5%。"
    assert wrong("平台每个月至少抽检5%的商户。", clause) == ["每个月"]
    assert marked("平台每三个月抽检一次，一次不少于5%的商户。", clause) == []
    assert marked("运营补贴每月公布，每人每月500元。", "补贴每人每月500元，每月公布。") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我院有床位150张，一年校验一次。", ["一年"]),
        ("我院有床位150张，三年校验一次。", []),
        ("我院有床位80张，三年校验一次。", ["三年"]),
    ],
)
def test_an_amount_between_the_bounds_of_a_scale(text: str, found: list[str]) -> None:
    assert wrong(text, "校验期：设床位100张以上的为3年，100张以下的为1年。") == found


def test_one_bound_makes_no_scale() -> None:
    clause = "自登记当月起，在3年内按照每户每年24000元扣减税费；每招用一人每年扣减9000元。"
    assert wrong("招用5人，一年可扣减4.5万元。", clause) == []


def test_a_bound_of_its_own_is_no_case() -> None:
    clause = "助学贷款本科生每年不超过20000元，研究生不超过25000元。"
    assert marked("本科生一年最多贷2万元，四年最多8万元。", clause) == []
    assert wrong("研究生一年最多贷2万元。", clause) == ["2万元"]


def test_arriving_bounds_nothing() -> None:
    (one, _other) = extract("到达时限：城区45分钟、农村90分钟", "zh")
    assert one.qualifier == ""
    assert [one.qualifier for one in extract("达到45分钟", "zh")] == ["ge"]


def test_words_with_a_verb_in_them_are_words() -> None:
    clause = "失能老人的运营补贴每人每月500元，其他老人200元。"
    assert wrong("失能老人每人每月补200元。", clause) == ["200元"]
    assert wrong("失能老人每人每月能领500元，其他老人能领200元。", clause) == []


def test_stars_are_levels() -> None:
    clause = "服务满300小时为二星，满600小时为三星；四星以上志愿者免费乘坐公交。"
    assert marked("三星以上志愿者免费坐公交。", clause) == []  # a star of the clause, of others
    assert wrong("五星以上志愿者免费坐公交。", clause) == ["五星"]
    assert wrong("做满500小时就是三星志愿者。", clause) == ["500小时"]


def test_a_ton_of_water_is_its_volume() -> None:
    clause = "第一级用水量每年180立方米以内，每立方米2.85元。"
    assert marked("一年不超过180吨的，每吨2.85元。", clause) == []
    assert wrong("一年不超过160吨的，每吨2.85元。", clause) == ["160吨"]
    assert wrong("垃圾每天180吨。", "垃圾每天160吨，用水200立方米。") == ["180吨"]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("每斤1.27元。", "最低收购价每50公斤127元。"),
        ("一小时收4元。", "停车每半小时2元。"),
        ("每吨2540元。", "最低收购价每公斤2.54元。"),
    ],
)
def test_a_price_for_another_quantity(text: str, clause: str) -> None:
    assert wrong(text, clause) == []


def test_a_price_for_another_quantity_of_another_thing() -> None:
    clause = "早籼稻最低收购价每50公斤127元，粳稻131元。"
    assert wrong("早籼稻每斤1.27元，粳稻每斤1.31元。", clause) == []
    assert len(marked("粳稻每斤1.35元。", clause)) == 1
    assert len(marked("早籼稻每斤1.31元。", clause)) == 1


def test_what_a_clause_adds() -> None:
    assert marked("四年制的最长还19年。", "贷款期限为学制加15年，最长22年。") == []
    clause = "借期45天，可以延长30天。"
    assert marked("续借以后最多看75天。", clause) == []
    assert wrong("可以再延长75天。", clause) == ["75天"]


def test_a_sentence_about_other_things() -> None:
    clause = "随意倾倒垃圾的，对个人处100元以上500元以下罚款。"
    found = check("发现有人乱来，请拨打12345举报，查实奖励200元。", [("a", clause)], "zh")
    assert [(one.kind, one.statement.printed) for one in found] == [("missing", "200元")]
    assert wrong("个人最高罚200元。", clause) == ["200元"]


def test_a_range_is_meant_for_a_range() -> None:
    clause = "对个人处100元以上500元以下罚款，对单位处5万元以上50万元以下罚款。"
    assert wrong("个人罚100元到1000元。", clause) == ["100元到1000元"]
    assert wrong("个人罚100元到500元，单位罚5万元到50万元。", clause) == []


def test_a_bare_hour_may_be_of_the_evening() -> None:
    assert marked("夏天12点收摊。", "经营时间延长至24时。") == []
    assert marked("夏天11点收摊。", "经营时间延长至23时。") == []
    assert marked("上午11点收摊。", "经营时间延长至23时。") == ["上午11点"]


def test_a_rounded_share() -> None:
    clause = "全市古树名木1386株，其中一级47株。"
    assert marked("1386株古树中，一级的47株，占3.4%。", clause) == []
    assert marked("1386株古树中，一级的47株，占4.3%。", clause) == ["4.3%"]


def test_a_ratio_counts_persons() -> None:
    clause = "护理人员与失能老人配比不低于1:3。"
    assert marked("一名护理员照料3位失能老人。", clause) == []
    assert marked("一名护理员照料5位失能老人。", clause) == ["5位"]


def test_a_look_back_is_the_texts_own() -> None:
    assert marked("面积8万平方米，比上届增加1.2万平方米。", "展览面积8万平方米。") == []
    assert wrong("比上年增长2.6%。", "收入比上年增长6.2%。") == ["2.6%"]


def test_days_from_a_day_of_the_text() -> None:
    clause = "自知道该行为之日起60日内提出行政复议申请。"
    assert marked("3月1日收到决定书的，最迟4月30日申请复议。", clause) == []
    assert marked("3月1日收到决定书的，最迟5月30日申请复议。", clause) == ["3月1日", "5月30日"]


def test_shares_of_an_amount_between_two() -> None:
    clause = "处工程造价5%以上10%以下罚款。"
    assert marked("造价200万元的，罚10万元到20万元。", clause) == []
    assert marked("造价200万元的，罚20万元到40万元。", clause) == ["200万元", "20万元到40万元"]


def test_ages_may_be_translated_as_years() -> None:
    clause = "到2030年，人均预期寿命达到81.5岁。"
    assert marked("Life expectancy is to reach 81.5 years by 2030.", clause, "en") == []
    assert marked("Life expectancy is to reach 82.5 years by 2030.", clause, "en") == ["82.5 years"]


KINDERGARTENS = "最高限价为：省一级园每月1600元，市一级园每月1300元，合格园每月950元。"
TRACTORS = (
    "20马力以下每台1000元，20至50马力每台3500元，50至80马力每台5500元，80马力以上每台7800元。"
)


def test_a_level_is_bounded_by_nothing_before_it() -> None:
    assert [one.qualifier for one in extract("最高限价为：省一级园", "zh")] == [""]
    assert [one.qualifier for one in extract("二级以上医院", "zh")] == ["ge"]
    assert wrong("市一级园每月最高1600元。", KINDERGARTENS) == ["1600元"]
    assert wrong("市一级园每月最高1300元，省一级园1600元。", KINDERGARTENS) == []


def test_counts_are_added_where_words_say_so() -> None:
    clause = "每班配备2名教师和1名保育员。"
    assert wrong("每班配3名教师和1名保育员。", clause) == ["3名"]
    assert wrong("每班2名教师和1名保育员，一共3名。", clause) == []


def test_persons_make_no_months() -> None:
    clause = "押金不超过1个月租金，每间不得超过2人。"
    assert wrong("押金最多收两个月房租。", clause) == ["两个月"]
    assert wrong("押金最多收一个月房租。", clause) == []


def test_what_a_share_is_taken_of_has_its_result_beside_it() -> None:
    clause = "自付超过1.5万元的部分报销75%。"
    assert wrong("自付超过2万元的部分报75%。", clause) == ["2万元"]
    assert marked("自付5万元的，扣掉1.5万元，剩下3.5万元报75%，能报26250元。", clause) == []


def test_an_amount_in_a_range_of_a_scale() -> None:
    assert wrong("一台30马力的拖拉机补3500元。", TRACTORS) == []
    assert wrong("一台60马力的拖拉机补3500元。", TRACTORS) == ["3500元"]
    assert wrong("一台90马力的拖拉机补7800元。", TRACTORS) == []


def test_a_price_per_so_much() -> None:
    clause = "超过1000千克的，每超1000千克罚款500元，最高3万元。"
    assert wrong("超载3吨的罚1500元。", clause) == []
    assert marked("超载3吨的罚1200元。", clause) == ["3吨", "1200元"]
    assert wrong("一条40千瓦的渔船补20万元。", "渔船减船每千瓦补助5000元。") == []


def test_the_price_of_another_quantity_is_another_price() -> None:
    clause = "废塑料每公斤1.8元。"
    assert wrong("废塑料每斤1.8元。", clause) == ["1.8元"]
    assert wrong("废塑料每斤9毛，每公斤1.8元。", clause) == []


def test_levels_that_are_ruled_one_by_one() -> None:
    clause = "一级至四级伤残补助金分别为27个月、25个月、23个月、21个月本人工资。"
    assert wrong("二级伤残补27个月工资。", clause) == ["27个月"]
    assert wrong("二级伤残补25个月工资，三级23个月。", clause) == []


def test_levels_between_two_are_known() -> None:
    clause = "满100小时、300小时、600小时的，依次认定为一至三星志愿者。"
    assert marked("满300小时是二星志愿者。", clause) == []


def test_counts_in_a_ratio() -> None:
    clause = "每团不少于20人，师生比不低于1:10。"
    assert marked("30名学生至少要3位老师。", clause) == []
    assert len(marked("30名学生至少要4位老师。", clause)) == 2


def test_half_a_day_is_half_a_working_day() -> None:
    assert marked("办执照只要半天。", "营业执照0.5个工作日办结。") == []
    assert marked("办执照要两天。", "营业执照0.5个工作日办结。") == ["两天"]


def test_a_share_that_words_name() -> None:
    clause = "10公里以内2元；刷卡九折，学生卡五折。"
    assert marked("10公里以内，刷卡1.8元，学生卡1元。", clause) == []
    assert marked("10公里以内，学生卡1.8元。", clause) == ["1.8元"]


def test_half_a_month_is_fifteen_days() -> None:
    assert marked("期满前半个月办理延续。", "期满前15日内办理延续。") == []
    assert marked("期满前15天办理延续。", "期满前半个月办理延续。") == []
    assert marked("期满前两个半月办理延续。", "期满前15日内办理延续。") == ["两个半月"]


@pytest.mark.parametrize("days", [3_000_000, 99_999_999, 9_999_999_999])
def test_spans_beyond_the_calendar(days: int) -> None:
    for clause in (f"自2026年1月1日起{days}日内提交。", f"{days}日内办结。"):
        assert marked("2026年5月1日至2026年6月1日提交。", clause)
