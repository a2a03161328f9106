using System.Diagnostics;
using System.Globalization;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Journals;
using ChatAkka.Transfer;
using ChatAkka.Transfer.Exports;
using ChatAkka.Transfer.Imports;

namespace Benchmarks.Storage;

/// <summary>
/// An export of the embedded store, and an import of it into another. Verb <c>transfer</c>; arguments: messages and channels, by default
/// 1,000,000 and 1,000.
/// </summary>
internal static class Transfers
{
    private const long FirstUser = 7_298_340_912_345_088;
    private const long FirstGroup = 7_298_340_999_000_000;
    private const int Members = 10;
    private const string Text = "이번 주말에 한라산 가는 사람? 저는 토요일 아침 7시에 출발할 수 있어요 🏔️ see you there \"soon\"";

    public static async Task<int> RunAsync(string[] args)
    {
        var messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var channels = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000;
        var directory = Path.Combine(Path.GetTempPath(), $"chatakka-bench-{Guid.NewGuid():N}");
        try
        {
            var export = Path.Combine(directory, "export");
            await WithStoreAsync(Path.Combine(directory, "from"), store => FillAsync(store, channels, messages / channels));
            await WithStoreAsync(Path.Combine(directory, "from"), store => Export.RunAsync(store, export, Progress(), TimeProvider.System, CancellationToken.None));
            Console.WriteLine($"The files have {Directory.EnumerateFiles(export).Sum(file => new FileInfo(file).Length):N0} bytes.");
            await WithStoreAsync(Path.Combine(directory, "to"), store => Import.RunAsync(store, export, Progress(), CancellationToken.None));
            Console.WriteLine($"At most {Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024:N0} MiB were resident.");
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static TransferProgress Progress() => new(Console.Out, isQuiet: true, TimeProvider.System);

    private static async Task WithStoreAsync(string directory, Func<ChatStore, Task> act)
    {
        var options = new StorageOptions { DataDirectory = directory };
        await using var store = await ChatStore.OpenAsync(options, TimeProvider.System, CancellationToken.None);
        await act(store);
    }

    private static async Task FillAsync(ChatStore store, int channels, int messages)
    {
        for (var i = 0; i < channels; i++)
        {
            var group = new ChannelId(Decimal(FirstGroup + i));
            var user = FirstUser + i;
            var accounts = StoredTable.All[0];
            await store.Contents.AddAsync(accounts, [[user, $"user-{i}", $"User {i}", null, 1L]], CancellationToken.None);
            await store.Journal.AppendAsync(
                [Row($"user-{user}", 1, StoredEvents.Encode(new ChannelJoined(group, 1))), .. Timeline(group, user, messages)], CancellationToken.None);
        }
    }

    private static IEnumerable<JournalRow> Timeline(ChannelId group, long owner, int messages)
    {
        var id = $"channel-{group}";
        Member[] members = [.. Enumerable.Range(0, Members).Select(i => new Member(User(owner + i), i == 0 ? MemberRole.Owner : MemberRole.Member, 1))];
        yield return Row(id, 1, StoredEvents.Encode(new ChannelCreated(1, 1, User(owner), ChannelKind.Group, "등산", [.. members])));
        for (var n = 1; n <= messages; n++)
        {
            var posted = new MessagePosted(
                n + 1, n, 1_795_190_400_000 + n, User(owner + (n % Members)), new DeviceId(Decimal(owner)), $"c-{n}", Text[(n % 20)..], 0, []);
            yield return Row(id, n + 1, StoredEvents.Encode(posted));
        }
    }

    private static UserId User(long number) => new(Decimal(number));

    private static string Decimal(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static JournalRow Row(string id, long sequenceNr, (string Manifest, byte[] Payload) stored) =>
        new(id, sequenceNr, StoredEvents.SerializerId, stored.Manifest, stored.Payload);
}
