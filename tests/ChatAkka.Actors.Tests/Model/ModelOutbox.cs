using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// The outbox of a simulated node: writes in the order of the calls, of which some fail. Each new row is judged when it is stored.
/// </summary>
internal sealed class ModelOutbox(FickleStore store, TimeProvider time, Action<PushRequest> judge) : ActorsOutbox
{
    private readonly Dictionary<(UserId, ChannelId), PushRequest> _rows = [];
    private readonly Past<(UserId, ChannelId), bool> _wereThere = new(time, false);
    private Task _last = Task.CompletedTask;

    public IEnumerable<PushRequest> Of(UserId user) => _rows.Values.Where(row => row.User == user);

    public PushRequest? Find(UserId user, ChannelId channel) => _rows.GetValueOrDefault((user, channel));

    /// <summary>There was a row at some time since then.</summary>
    public bool Had(UserId user, ChannelId channel, long since) => _wereThere.Since((user, channel), since).Contains(true);

    public override Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel) => InOrderAsync(() =>
    {
        foreach (var request in requests)
        {
            judge(request);
            _rows.TryAdd((request.User, request.Channel), request);
            _wereThere[(request.User, request.Channel)] = true;
        }
    });

    public override Task ClearAsync(UserId user, CancellationToken cancel) => InOrderAsync(() =>
    {
        foreach (var row in Of(user).ToArray())
        {
            _rows.Remove((user, row.Channel));
            _wereThere[(user, row.Channel)] = false;
        }
    });

    private async Task InOrderAsync(Action write)
    {
        var before = _last;
        var mine = new TaskCompletionSource();
        _last = mine.Task;
        await before;
        try
        {
            await store.WriteOrThrowAsync(write);
        }
        finally
        {
            mine.SetResult();
        }
    }
}
