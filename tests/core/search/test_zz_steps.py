import pytest
from tests.core.search.conftest import *
from tests.core.search.test_backend import counted_steps
from modelsearch.backends import get_search_backend
from portal.core.models import Organisation
@pytest.mark.django_db
def test_x(make_indexed_units):
    from django.db import connection
    for i,n in enumerate([500,500,1000,2000,4000]):
        make_indexed_units(n,seed=i)
        for b in ("default","modelsearch.backends.database"):
            if b!="default" and i>1: continue
            r=get_search_backend(b).search("负责",Organisation.objects.all())
            with counted_steps() as s: k=len(r[:20])
            q=r.get_queryset()
            with counted_steps() as s2: q.values_list("pk").order_by()[:100000].count()
            print(b,r.count(),s, s2)
