using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Users;

/// <summary>Events and deliveries of made-up timelines: each event is a message, and its id tells all.</summary>
internal static class Timelines
{
    public static ChannelEvent Event(long id) =>
        new MessagePosted(id, id - 1, At: id * 10, ActorTest.Bob, ActorTest.BobPhone, $"c{id}", $"text {id}", 0, []);

    public static Delivery Delivery(ChannelId channel, long from, long to) =>
        new(channel, [.. Enumerable.Range((int)from, (int)(to - from + 1)).Select(id => Event(id))]);

    public static long[] Ids(this Delivery? delivery) => [.. delivery!.Events.Select(e => e.Id)];
}
