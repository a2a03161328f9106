using System.Collections.Concurrent;
using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;

namespace ChatAkka.Actors.Tests.Presence;

/// <summary>What watchers are told. Who is online when is held against the model, which sees more.</summary>
public sealed class PresenceActorTests : ActorTest
{
    [Fact]
    public void Watcher_who_was_shown_what_nobody_was_told_yet_is_told_when_it_is_over()
    {
        var presence = Sys.ActorOf(PresenceActor.Props(TimeProvider.System, new EmptyStore(), TimeSpan.FromSeconds(30)));
        presence.Tell(new DeviceConnected(Bob, BobPhone), ActorRefs.NoSender);
        presence.Tell(new WatchPresence(1, [Bob]), TestActor);
        ExpectMsg<PresenceWatched>().States.ShouldHaveSingleItem().IsOnline.ShouldBeTrue();

        presence.Tell(new DeviceLoggedOut(Bob, BobPhone), ActorRefs.NoSender);

        FishForMessage(message => message is PresenceChanges { States: [{ IsOnline: false }] });
    }

    [Fact]
    public void Everybody_who_is_online_is_saved_anew_when_the_store_does_not_know_of_them()
    {
        var store = new EmptyStore { Knows = false };
        var presence = Sys.ActorOf(PresenceActor.Props(TimeProvider.System, store, TimeSpan.FromSeconds(30)));
        presence.Tell(new DeviceConnected(Ann, AnnPhone), ActorRefs.NoSender);
        presence.Tell(new DeviceConnected(Bob, BobPhone), ActorRefs.NoSender);
        presence.Tell(new DeviceConnected(Cid, new DeviceId("24")), ActorRefs.NoSender);
        presence.Tell(new DeviceLoggedOut(Cid, new DeviceId("24")), ActorRefs.NoSender);

        // Once when they come, and once when the node says for the first time that it is alive.
        AwaitAssert(
            () => store.Saved.Where(record => record.IsOnline).GroupBy(record => record.User).Where(saves => saves.Count() > 1)
                .Select(saves => saves.Key).ShouldBe([Ann, Bob], ignoreOrder: true),
            TimeSpan.FromSeconds(20));
    }

    private sealed class EmptyStore : IPresenceStore
    {
        public bool Knows { get; init; } = true;

        public ConcurrentQueue<PresenceRecord> Saved { get; } = [];

        public Task SaveAsync(IReadOnlyCollection<PresenceRecord> records, CancellationToken cancel)
        {
            foreach (var record in records)
            {
                Saved.Enqueue(record);
            }

            return Task.CompletedTask;
        }

        public Task<bool> MarkAliveAsync(long now, CancellationToken cancel) => Task.FromResult(Knows);

        public Task<IReadOnlyDictionary<UserId, long>> LoadAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyDictionary<UserId, long>>(new Dictionary<UserId, long>());
    }
}
