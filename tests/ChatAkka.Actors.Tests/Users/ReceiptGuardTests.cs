using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Users;

public sealed class ReceiptGuardTests
{
    private static readonly ChannelId Group = new("31");

    private readonly ReceiptGuard _guard = new();

    [Fact]
    public void Receipts_that_are_news_pass_as_they_are()
    {
        var first = Receipts((1, 5, 3), (2, 4, 0));
        var next = Receipts((1, 6, 0), (2, 0, 4));

        _guard.NewsOf(first).ShouldBeSameAs(first);
        _guard.NewsOf(next).ShouldBeSameAs(next);
    }

    [Fact]
    public void What_was_told_before_is_not_told_again_and_never_goes_back()
    {
        _guard.NewsOf(Receipts((1, 5, 3), (2, 4, 0)));

        _guard.NewsOf(Receipts((1, 5, 0), (2, 3, 0))).ShouldBeNull();
        Told(Receipts((1, 4, 4), (2, 5, 0))).ShouldBe("1: 0 4, 2: 5 0");
        Told(Receipts((2, 6, 0), (1, 5, 4), (3, 1, 1))).ShouldBe("2: 6 0, 3: 1 1");
        _guard.NewsOf(new ReceiptChanges(new ChannelId("32"), [new ReceiptChange(new UserId("1"), 1, 0)])).ShouldNotBeNull("another channel");
    }

    [Fact]
    public void It_remembers_those_of_whom_it_heard_last()
    {
        _guard.NewsOf(Receipts((1, 5, 0), (2, 5, 0)));
        for (var user = 10; user < 10 + ReceiptGuard.Generation; user++)
        {
            _guard.NewsOf(Receipts((user, 5, 0)));
        }

        _guard.NewsOf(Receipts((1, 4, 0))).ShouldBeNull();
        for (var user = 100; user < 100 + ReceiptGuard.Generation; user++)
        {
            _guard.NewsOf(Receipts((user, 5, 0)));
        }

        _guard.NewsOf(Receipts((2, 4, 0))).ShouldNotBeNull("forgotten");
    }

    private static ReceiptChanges Receipts(params (int User, long Delivered, long Read)[] changes) =>
        new(Group, [.. changes.Select(change => new ReceiptChange(new UserId($"{change.User}"), change.Delivered, change.Read))]);

    private string Told(ReceiptChanges receipts) =>
        string.Join(", ", _guard.NewsOf(receipts)!.Changes.Select(change => $"{change.User}: {change.Delivered} {change.Read}"));
}
