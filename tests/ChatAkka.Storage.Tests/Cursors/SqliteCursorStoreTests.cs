using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Cursors;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Cursors;

public sealed class SqliteCursorStoreTests : IAsyncLifetime
{
    private static readonly DeviceId Phone = new("9001");
    private static readonly DeviceId Laptop = new("9002");
    private static readonly ChannelId Group = new("7001");
    private static readonly ChannelId Direct = new("12-345");

    private TestStore _test = null!;
    private SqliteCursorStore _cursors = null!;

    public Task InitializeAsync()
    {
        _test = new TestStore();
        _cursors = new SqliteCursorStore(_test.Store);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Load_of_an_unknown_device_is_empty() => (await LoadAsync(Phone)).ShouldBeEmpty();

    [Fact]
    public async Task Save_merges_by_maximum()
    {
        await SaveAsync(overwrite: false, new(Phone, Group, 5), new(Phone, Direct, 7), new(Laptop, Group, 1));
        await SaveAsync(overwrite: false, new(Phone, Group, 3), new(Phone, Direct, 8));

        (await LoadAsync(Phone)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 5, [Direct] = 8 }, ignoreOrder: true);
        (await LoadAsync(Laptop)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 1 });
    }

    [Fact]
    public async Task Save_with_overwrite_sets_exactly_what_is_given()
    {
        await SaveAsync(overwrite: false, new(Phone, Group, 5), new(Phone, Direct, 7));

        await SaveAsync(overwrite: true, new(Phone, Group, 2), new(Phone, Direct, 9));

        (await LoadAsync(Phone)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 2, [Direct] = 9 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Save_of_the_same_cursor_twice_keeps_the_higher()
    {
        await SaveAsync(overwrite: false, new(Phone, Group, 5), new(Phone, Group, 4));

        (await LoadAsync(Phone))[Group].ShouldBe(5);
    }

    [Fact]
    public async Task Save_of_nothing_commits_nothing()
    {
        await SaveAsync(overwrite: false);

        _test.Commits.ShouldBeEmpty();
    }

    private Task SaveAsync(bool overwrite, params DeviceCursor[] cursors) => _cursors.SaveAsync(cursors, overwrite, CancellationToken.None);

    private Task<IReadOnlyDictionary<ChannelId, long>> LoadAsync(DeviceId device) => _cursors.LoadAsync(device, CancellationToken.None);
}
