using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Connections;

namespace ChatAkka.Gateway.Tests.Connections;

public sealed class OwnSendsTests
{
    private static readonly ChannelId A = new("1-2"), B = new("1-3");

    [Fact]
    public void An_event_is_left_out_once_after_its_ok()
    {
        var own = new OwnSends();
        own.Answered(A, 7);
        own.Suppress(B, 7).ShouldBeFalse();
        own.Suppress(A, 6).ShouldBeFalse();
        own.Suppress(A, 7).ShouldBeTrue();
        own.Suppress(A, 7).ShouldBeFalse();
        own.Count.ShouldBe(0);
    }

    [Fact]
    public void A_repeated_ok_counts_once()
    {
        var own = new OwnSends();
        own.Answered(A, 7);
        own.Answered(A, 7);
        own.Suppress(A, 7).ShouldBeTrue();
        own.Suppress(A, 7).ShouldBeFalse();
    }

    [Fact]
    public void It_is_bounded_and_forgets_the_oldest()
    {
        var own = new OwnSends(capacity: 3);
        for (var id = 1; id <= 5; id++)
        {
            own.Answered(A, id);
        }

        own.Count.ShouldBe(3);
        own.Suppress(A, 2).ShouldBeFalse();
        own.Suppress(A, 3).ShouldBeTrue();
        own.Suppress(A, 5).ShouldBeTrue();
    }

    [Fact]
    public void An_entry_that_no_event_takes_out_doesnt_push_out_the_others()
    {
        var own = new OwnSends(capacity: 3);
        own.Answered(B, 1);
        for (var id = 1; id <= 100; id++)
        {
            own.Answered(A, id);
            own.Suppress(A, id).ShouldBeTrue();
        }

        own.Count.ShouldBeLessThanOrEqualTo(1);
    }
}
