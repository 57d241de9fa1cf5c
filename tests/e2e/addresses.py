"""One address of each type of public page in the demo city."""

PUBLIC_PAGES = {
    "portal home": "/",
    "column with pages": "/yaowen/",
    "second page of a column": "/yaowen/page/2/",
    "column of cards": "/yaowen/quxian-dongtai/",
    "leaders": "/zhengwu-gongkai/zhengfu-lingdao/",
    "leader": "/zhengwu-gongkai/zhengfu-lingdao/shizhang/",
    "organisations": "/zhengwu-gongkai/jigou-zhineng/",
    "organisation": "/zhengwu-gongkai/jigou-zhineng/zhengfu-bangongshi/",
    "channel": "/zoujin-yunhu/luting-shidi/",
    "open topic": "/yihu-qingshui/",
    "archived topic": "/chawenhua-jie-2025/",
    "sub-site by path": "/hubin/",
    "topic of a sub-site": "/hubin/lao-xiaoqu-xin-shenghuo/",
    "department's sub-site": "/rsj/",
    "article with picture and file": "/yaowen/yunhu-yaowen/ferry-line-3-opens/",
    "notice": "/yaowen/tongzhi-gonggao/air-defense-siren/",
    "answer page": "/assistant/",
    "policy document": "/zhengce/shizhengfu-wenjian/doc-lake-2026-4/",
    "print view": "/zhengce/shizhengfu-wenjian/doc-lake-2026-4/?print=1",
    "document as of a day": "/zhengce/shizhengfu-wenjian/doc-lake-2026-4/?asof=2026-10-01",
    "policy library": "/policies/",
    "policy library, narrowed": "/policies/?year=2026&validity=valid",
    "policy library without a match": "/policies/?q=nothing",
    "services": "/services/",
    "services, narrowed": "/services/?person=laonian",
    "catalogue of services": "/services/catalogue/",
    "services online": "/services/online/",
    "services step by step": "/services/guided/?person=laonian",
    "guide": "/banshi/banshi-zhinan/svc-elevator/",
    "letters": "/letters/",
    "writing a letter": "/letters/write/",
    "answered letters": "/letters/public/",
    "letters in figures": "/letters/figures/",
    "participation": "/participation/",
    "survey with answers": "/hudong/zhengji-diaocha/survey-library-night/",
    "response to public opinion": "/hudong/huiying-guanqie/response-liuan-water/",
    "refuted rumour": "/hudong/huiying-guanqie/refute-liuan-water/",
    "standard page": "/zoujin-yunhu/gaikuang/",
    "leave notice": "/hudong/rexian-12345/",
    "site map": "/sitemap/",
    "feeds": "/feeds/",
    "feeds of a column": "/feeds/yaowen/",
    "not found": "/nothing-here/",
}
# Of the foreign sections: in their languages, not mirrored by the tests.
FOREIGN_PAGES = {
    "English home by need": "/en/",
    "English column": "/en/services-for-foreigners/",
    "English page with a paragraph behind": (
        "/en/services-for-foreigners/exchanging-a-foreign-driving-licence-for-a-chinese-one/"
    ),
    "English policy": (
        "/en/business/"
        "measures-of-the-yunhu-municipal-government-to-help-small-businesses-keep-and-cre/"
    ),
    "English letters": "/en/contact-us/",
    "cards on this phone": "/en/card/",
    "English page that is not there": "/en/nothing-here/",
    "Japanese home": "/ja/",
    "Korean page with a paragraph behind": "/ko/services-for-foreigners/foreign-driving-licence/",
    "Arabic home": "/ar/",
    "Arabic emergency page": "/ar/emergency/foreign-emergency-card/",
    "home in traditional characters": "/zh-hant/",
    "article in traditional characters": "/zh-hant/yaowen/yunhu-yaowen/ferry-line-3-opens/",
}
OWN_HOST = "gaoxin.localhost"
EXPECTED_STATUS = {"not found": 404, "English page that is not there": 404}
