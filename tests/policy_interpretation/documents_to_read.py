"""Texts of invented documents, as they come in files."""

from django.core.files.uploadedfile import SimpleUploadedFile

MEASURES = """云湖市公共自行车管理办法

云政发〔2026〕12号

各县（区）人民政府，市政府各部门：

第一条 为了方便市民出行，规范公共自行车的管理，制定本办法。
第二条 市交通运输局负责公共自行车的管理工作。
第三条 有下列情形之一的，不得租用公共自行车：
（一）未满十二周岁的；
（二）饮酒后的。
第四条 本办法自2026年6月1日起施行。

云湖市人民政府
2026年5月6日
"""
# A number is missing in the sequence of clauses.
WITH_A_GAP = """云湖市停车场管理办法

云政发〔2026〕13号

第一条 为了规范停车场的管理，制定本办法。
第二条 市城市管理局负责停车场的管理工作。
第四条 本办法自2026年7月1日起施行。

云湖市人民政府
2026年6月3日
"""


def upload(text: str = MEASURES, name: str = "办法.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())
