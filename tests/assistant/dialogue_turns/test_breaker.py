from assistant.dialogue.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_opens_after_failures_in_a_row_and_lets_one_try() -> None:
    clock = Clock()
    found = Breaker(3, 5.0, clock)
    for _number in range(2):
        assert found.enter()
        found.failed()
    found.succeeded()
    for _number in range(3):
        assert found.enter()
        found.failed()
    assert not found.enter()
    assert found.rests
    clock.now = 5.0
    assert not found.rests
    assert found.enter()
    assert not found.enter()  # one alone
    found.failed()
    clock.now = 9.9
    assert not found.enter()
    clock.now = 10.0
    assert found.enter()
    found.succeeded()
    assert found.is_closed
    assert found.enter()


def test_a_time_out_opens_at_once_and_a_try_that_never_ends_is_given_up() -> None:
    clock = Clock()
    found = Breaker(3, 5.0, clock)
    found.failed(at_once=True)
    assert not found.enter()
    clock.now = 6.0
    assert found.enter()
    clock.now = 11.5
    assert found.enter()
