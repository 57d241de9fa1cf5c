import pytest, time

pytestmark = pytest.mark.database


def test_prof(city, act_as):
    import cProfile, pstats
    from .attempts import ATTEMPTS
    from .actors import undone

    for role in ("editor", "auditor", "site_admin"):
        actor = act_as(role)
        for name in ("hubin", "gaoxin"):
            place = city.places[name]
            times = []
            t0 = time.process_time()
            for a in ATTEMPTS.values():
                t = time.process_time()
                with undone():
                    a.run(actor, place)
                times.append((round(time.process_time() - t, 3), a.name))
            print(
                role,
                name,
                len(times),
                round(time.process_time() - t0, 2),
                sorted(times)[::-1][:8],
                sorted(times)[:5],
            )
    actor = act_as("partner")
    pr = cProfile.Profile()
    pr.enable()
    for a in ATTEMPTS.values():
        with undone():
            a.run(actor, city.places["gaoxin"])
    pr.disable()
    pstats.Stats(pr).sort_stats("tottime").print_stats(25)
    pstats.Stats(pr).sort_stats("cumtime").print_stats("site-packages/wagtail|portal/core", 40)
