using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Cursors;

/// <summary>What every store of receipts must do.</summary>
public abstract class ReceiptStoreContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");
    private static readonly ChannelId Group = new("7001");
    private static readonly ChannelId Direct = new("11-12");

    private IReceiptStore Receipts => Store.Receipts;

    [SkippableFact]
    public async Task Load_of_an_unknown_user_is_empty() => (await LoadAsync(Ann)).ShouldBeEmpty();

    [SkippableFact]
    public async Task Save_merges_each_cursor_by_maximum()
    {
        await SaveAsync(new Receipt(Ann, Group, 5, 4, 3));
        await SaveAsync(new Receipt(Ann, Group, 4, 6, 5));
        await SaveAsync(new Receipt(Ann, Group, 9, 0, 0));
        await SaveAsync(new Receipt(Ann, Group, 0, 5, 4));

        (await LoadAsync(Ann)).ShouldBe([new Receipt(Ann, Group, 9, 6, 5)]);
    }

    [SkippableFact]
    public async Task Receipts_of_a_user_and_of_a_channel_are_found()
    {
        await SaveAsync(new Receipt(Ann, Group, 5, 4, 3), new Receipt(Bob, Group, 3, 2, 1), new Receipt(Ann, Direct, 2, 2, 1));

        (await LoadAsync(Ann)).ShouldBe([new Receipt(Ann, Group, 5, 4, 3), new Receipt(Ann, Direct, 2, 2, 1)], ignoreOrder: true);
        (await FindAsync(Group, Ann, Bob, new UserId("13"))).ShouldBe([new Receipt(Ann, Group, 5, 4, 3), new Receipt(Bob, Group, 3, 2, 1)], ignoreOrder: true);
        (await FindAsync(Group, Bob)).ShouldBe([new Receipt(Bob, Group, 3, 2, 1)]);
        (await FindAsync(Direct, Bob)).ShouldBeEmpty();
    }

    [SkippableFact]
    public void Save_of_nothing_waits_for_nothing() =>
        Receipts.SaveAsync([], CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();

    [SkippableFact]
    public async Task Save_of_one_receipt_twice_merges_both()
    {
        await SaveAsync(new Receipt(Ann, Group, 5, 4, 3), new Receipt(Ann, Group, 4, 6, 5), new Receipt(Ann, Group, 9, 0, 0));

        (await LoadAsync(Ann)).ShouldBe([new Receipt(Ann, Group, 9, 6, 5)]);
    }

    [SkippableFact]
    public async Task Receipts_are_there_after_a_restart()
    {
        await SaveAsync(new Receipt(Ann, Group, 5, 4, 3));

        await Tested.ReopenAsync();

        (await LoadAsync(Ann)).ShouldBe([new Receipt(Ann, Group, 5, 4, 3)]);
    }

    private Task SaveAsync(params Receipt[] receipts) => Receipts.SaveAsync(receipts, CancellationToken.None);

    private Task<IReadOnlyList<Receipt>> LoadAsync(UserId user) => Receipts.LoadAsync(user, CancellationToken.None);

    private Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, params UserId[] users) =>
        Receipts.FindAsync(channel, users, CancellationToken.None);
}
