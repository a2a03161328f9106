using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Cursors;

/// <summary>What every store of device cursors must do.</summary>
public abstract class CursorStoreContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private static readonly DeviceId Phone = new("9001");
    private static readonly DeviceId Laptop = new("9002");
    private static readonly ChannelId Group = new("7001");
    private static readonly ChannelId Direct = new("12-345");

    private ICursorStore Cursors => Store.Cursors;

    [SkippableFact]
    public async Task Load_of_an_unknown_device_is_empty() => (await LoadAsync(Phone)).ShouldBeEmpty();

    [SkippableFact]
    public async Task Save_merges_by_maximum()
    {
        await SaveAsync(overwrite: false, new(Phone, Group, 5), new(Phone, Direct, 7), new(Laptop, Group, 1));
        await SaveAsync(overwrite: false, new(Phone, Group, 3), new(Phone, Direct, 8));

        (await LoadAsync(Phone)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 5, [Direct] = 8 }, ignoreOrder: true);
        (await LoadAsync(Laptop)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 1 });
    }

    [SkippableFact]
    public async Task Save_with_overwrite_sets_exactly_what_is_given()
    {
        await SaveAsync(overwrite: false, new(Phone, Group, 5), new(Phone, Direct, 7));

        await SaveAsync(overwrite: true, new(Phone, Group, 2), new(Phone, Direct, 9));

        (await LoadAsync(Phone)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 2, [Direct] = 9 }, ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Save_of_the_same_cursor_twice_keeps_the_higher()
    {
        await SaveAsync(overwrite: false, new(Phone, Group, 5), new(Phone, Group, 4));

        (await LoadAsync(Phone))[Group].ShouldBe(5);
    }

    [SkippableFact]
    public async Task Save_of_nothing_changes_nothing()
    {
        await SaveAsync(overwrite: false, new DeviceCursor(Phone, Group, 5));

        await SaveAsync(overwrite: true);

        (await LoadAsync(Phone)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 5 });
    }

    [SkippableFact]
    public async Task Forget_removes_the_named_cursors_of_that_device_only()
    {
        await SaveAsync(overwrite: false, new(Phone, Group, 5), new(Phone, Direct, 7), new(Laptop, Group, 1));

        await Cursors.ForgetAsync(Phone, [Group, new ChannelId("7002")], CancellationToken.None);
        await Cursors.ForgetAsync(new DeviceId("9003"), [Group], CancellationToken.None);

        (await LoadAsync(Phone)).ShouldBe(new Dictionary<ChannelId, long> { [Direct] = 7 });
        (await LoadAsync(Laptop)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 1 });
    }

    [SkippableFact]
    public async Task Cursors_are_there_after_a_restart()
    {
        await SaveAsync(overwrite: false, new(Phone, Group, 5), new(Phone, Direct, 7));
        await Cursors.ForgetAsync(Phone, [Direct], CancellationToken.None);

        await Tested.ReopenAsync();

        (await LoadAsync(Phone)).ShouldBe(new Dictionary<ChannelId, long> { [Group] = 5 });
    }

    private Task SaveAsync(bool overwrite, params DeviceCursor[] cursors) => Cursors.SaveAsync(cursors, overwrite, CancellationToken.None);

    private Task<IReadOnlyDictionary<ChannelId, long>> LoadAsync(DeviceId device) => Cursors.LoadAsync(device, CancellationToken.None);
}
