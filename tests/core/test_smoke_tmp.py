import time, cProfile, pstats
from tests.factories import *
def test_a(db):
    make_world()
    from django.db import transaction
    from wagtail.models import Site, Page
    from portal.core.models import SiteRecord, Organisation
    for r in SiteRecord.objects.order_by("-pk"): r.delete()
    Page.objects.get(slug="yunhu").delete()
    Organisation.objects.all().delete()
    p = cProfile.Profile(); t=time.process_time(); p.enable(); make_world(); p.disable(); print("CPU", time.process_time()-t)
    pstats.Stats(p).sort_stats("cumulative").print_stats(60)
