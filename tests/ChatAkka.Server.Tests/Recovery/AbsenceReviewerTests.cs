using System.Collections.Concurrent;
using Akka.Actor;
using ChatAkka.Actors;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Server.Recovery;
using ChatAkka.Server.Tests.Support;
using ChatAkka.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Server.Tests.Recovery;

/// <summary>Users who were online when their node ended are looked after in time, until that is done.</summary>
public sealed class AbsenceReviewerTests : Akka.TestKit.Xunit2.TestKit, IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private ChatStore _store = null!;
    private WatchedReviews _reviews = null!;
    private AbsenceReviewer _reviewer = null!;

    public async Task InitializeAsync()
    {
        _store = await ChatStore.OpenAsync(new StorageOptions { Provider = StorageOptions.Memory }, _time, CancellationToken.None);
        _reviews = new WatchedReviews(_store.Reviews);
        _reviewer = new AbsenceReviewer(_reviews, new Region<UserRegion>(TestActor), _time, NullLogger<AbsenceReviewer>.Instance);
        await _reviewer.StartAsync(CancellationToken.None);
        await _time.TimerIn(AbsenceReviewer.Period);
    }

    public async Task DisposeAsync()
    {
        await _reviewer.StopAsync(CancellationToken.None).Within("the stop of the reviewer");
        _reviewer.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
        _time.Timers.ShouldBe(0);
        _reviewer.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Users_are_looked_after_when_devices_had_time_to_come_back_and_not_before()
    {
        UserId[] users = [.. Enumerable.Range(1, 300).Select(i => new UserId($"{i}"))];
        await _store.Reviews.AddAsync(users, _time.Ms + 30_000, CancellationToken.None);
        _time.Advance(29_999);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));

        _time.Advance(1);

        users.Select(_ => Answer()).ToArray().ShouldBe(users, ignoreOrder: true);
        AwaitAssert(() => _reviews.Done.ShouldBe(users, ignoreOrder: true), TimeSpan.FromSeconds(10));
        Due().ShouldBeEmpty();
    }

    [Fact]
    public async Task User_who_is_not_seen_to_stays()
    {
        await _store.Reviews.AddAsync([new UserId("1"), new UserId("2")], _time.Ms, CancellationToken.None);
        _time.Advance(AbsenceReviewer.Period);
        Answer();
        ExpectMsg<ReviewAbsence>(TimeSpan.FromSeconds(10));

        // The one that got no answer: its node may have died meanwhile.
        Due().Count.ShouldBe(2);
    }

    private UserId Answer()
    {
        var review = ExpectMsg<ReviewAbsence>(TimeSpan.FromSeconds(10));
        LastSender.Tell(new AbsenceSeenTo(review.User));
        return review.User;
    }

    // Whenever they are due again. Memory answers at once.
    private IReadOnlyList<UserId> Due()
    {
        var due = _store.Reviews.ClaimDueAsync(long.MaxValue, long.MaxValue, 1_000, CancellationToken.None);
        due.IsCompletedSuccessfully.ShouldBeTrue();
        return due.GetAwaiter().GetResult();
    }

    private sealed class WatchedReviews(IAbsenceReviews reviews) : IAbsenceReviews
    {
        public ConcurrentQueue<UserId> Done { get; } = [];

        public Task AddAsync(IReadOnlyCollection<UserId> users, long dueAt, CancellationToken cancel) =>
            throw new InvalidOperationException("a reviewer adds nobody");

        public Task<IReadOnlyList<UserId>> ClaimDueAsync(long now, long until, int limit, CancellationToken cancel) =>
            reviews.ClaimDueAsync(now, until, limit, cancel);

        public async Task DoneAsync(IReadOnlyCollection<UserId> users, long until, CancellationToken cancel)
        {
            await reviews.DoneAsync(users, until, cancel);
            foreach (var user in users)
            {
                Done.Enqueue(user);
            }
        }
    }
}
