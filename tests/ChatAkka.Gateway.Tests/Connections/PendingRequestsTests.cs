using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Connections;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Tests.Connections;

public sealed class PendingRequestsTests
{
    private static readonly ChannelId A = new("1-2"), B = new("1-3");
    private readonly PendingRequests _pending = new();

    [Fact]
    public void A_request_is_taken_once()
    {
        var number = Add(A, "x");
        _pending.TryPeek(number, out _).ShouldBeTrue();
        _pending.TryTake(number, out var request).ShouldBeTrue();
        ((SendFrame)request.Frame).ClientId.ShouldBe("x");
        _pending.TryTake(number, out _).ShouldBeFalse();
        _pending.TryTake(99, out _).ShouldBeFalse();
        _pending.TryTake(-1, out _).ShouldBeFalse();
    }

    [Fact]
    public void Any_order_of_answers_fits()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        Dictionary<long, string> open = [];
        for (var round = 0; round < 20_000; round++)
        {
            if (open.Count == 0 || open.Count < 128 && random.Next(2) == 0)
            {
                open.Add(Add(A, $"c{round}"), $"c{round}");
                continue;
            }

            var (number, clientId) = open.ElementAt(random.Next(open.Count));
            _pending.TryTake(number, out var request).ShouldBeTrue($"seed {seed}");
            ((SendFrame)request.Frame).ClientId.ShouldBe(clientId, $"seed {seed}");
            open.Remove(number);
            _pending.Count.ShouldBe(open.Count);
        }
    }

    [Fact]
    public void A_send_is_found_by_channel_and_client_id_oldest_first()
    {
        Add(B, "x");
        var first = Add(A, "x");
        var second = Add(A, "x");
        _pending.TryTakeSend(A, "x", out _).ShouldBeTrue();
        _pending.TryPeek(first, out _).ShouldBeFalse();
        _pending.TryPeek(second, out _).ShouldBeTrue();
        _pending.TryTakeSend(A, "y", out _).ShouldBeFalse();
    }

    [Fact]
    public void Only_old_requests_are_given_up()
    {
        Add(A, "old", at: 10);
        var taken = Add(A, "taken", at: 11);
        Add(A, "older than that", at: 12);
        Add(A, "young", at: 50);
        _pending.TryTake(taken, out _);
        _pending.TryTakeOlder(20, out var request).ShouldBeTrue();
        ((SendFrame)request.Frame).ClientId.ShouldBe("old");
        _pending.TryTakeOlder(20, out _).ShouldBeTrue();
        _pending.TryTakeOlder(20, out _).ShouldBeFalse();
        _pending.Count.ShouldBe(1);
    }

    private long Add(ChannelId channel, string clientId, long at = 0) =>
        _pending.Add(new PendingRequest(new SendFrame("r", channel.Value, null, clientId, "t", 0, null), channel, at));
}
