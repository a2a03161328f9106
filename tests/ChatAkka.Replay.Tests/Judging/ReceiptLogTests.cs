using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Judging;

public sealed class ReceiptLogTests
{
    private readonly ReceiptLog _log = new();

    [Fact]
    public void Cursors_that_grow_are_fine()
    {
        _log.Take("u", 3, null);
        _log.Take("u", 4, 2);
        _log.Take("v", 1, 1);
        _log.Take("u", null, 4);
        _log.Take("u", 4, 4);

        _log.Backward.ShouldBeEmpty();
        _log.Cursors["u"].ShouldBe((4, 4));
    }

    [Theory]
    [InlineData(2L, null)]
    [InlineData(null, 2L)]
    public void Cursor_that_goes_back_is_noted_and_not_believed(long? delivered, long? read)
    {
        _log.Take("u", 3, 3);

        _log.Take("u", delivered, read);

        _log.Backward.Single().Id.ShouldBe(2);
        _log.Cursors["u"].ShouldBe((3, 3));
    }

    [Fact]
    public void Waiting_for_what_a_user_has_read_ends_when_it_is_told()
    {
        var told = _log.ReadAsync("u", 3);
        _log.Take("v", 3, 3);
        _log.Take("u", 3, 2);
        told.IsCompleted.ShouldBeFalse();
        _log.Take("u", null, 3);
        told.IsCompleted.ShouldBeTrue();
    }
}
