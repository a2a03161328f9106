using ChatAkka.Storage;
using ChatAkka.Transfer.Exports;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Imports;
using ChatAkka.Transfer.Tests.Stores;

namespace ChatAkka.Transfer.Tests;

/// <summary>What one store exports another imports, byte for byte, there and back.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly TransferDirectory _directory = new();

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (from, to) in StoreKind.All.SelectMany(from => StoreKind.All.Select(to => (from, to))))
            {
                pairs.Add(from.Name, to.Name);
            }

            return pairs;
        }
    }

    public void Dispose() => _directory.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task Store_is_the_same_after_the_way_there_and_back(string from, string to)
    {
        await using var first = await CreateAsync(from, "first");
        await using var second = await CreateAsync(to, "second");
        await using var third = await CreateAsync(from, "third");
        await SampleStore.FillAsync(first);
        var image = await StoreImage.OfAsync(first);

        await CarryAsync(first, second, _directory.At("there"));
        await CarryAsync(second, third, _directory.At("back"));

        (await StoreImage.OfAsync(second)).ShouldBe(image);
        (await StoreImage.OfAsync(third)).ShouldBe(image);
        foreach (var file in Directory.EnumerateFiles(_directory.At("there"), "*.jsonl"))
        {
            File.ReadAllText(Path.Combine(_directory.At("back"), Path.GetFileName(file))).ShouldBe(File.ReadAllText(file));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task Imported_store_has_nothing_to_deliver_and_no_trace_of_the_import(string from, string to)
    {
        await using var first = await CreateAsync(from, "first");
        await using var second = await CreateAsync(to, "second");
        await SampleStore.FillAsync(first);
        var undelivered = second.TrackDelivery();

        await CarryAsync(first, second, _directory.Export);

        (await undelivered.TakeUpAsync(long.MaxValue, 0, 1, CancellationToken.None)).ShouldBeEmpty();
        (await second.HasUnfinishedImportAsync(CancellationToken.None)).ShouldBeFalse();
    }

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task Empty_store_can_be_carried_too_and_be_imported_into_afterwards(string from, string to)
    {
        await using var empty = await CreateAsync(from, "empty");
        await using var full = await CreateAsync(from, "full");
        await using var target = await CreateAsync(to, "target");
        await SampleStore.FillAsync(full);

        await CarryAsync(empty, target, _directory.At("nothing"));
        await CarryAsync(full, target, _directory.At("everything"));

        (await StoreImage.OfAsync(target)).ShouldBe(await StoreImage.OfAsync(full));
    }

    [SkippableFact]
    public async Task Events_that_were_written_by_a_newer_version_are_readable_and_carry_their_bytes_along()
    {
        await using var store = await CreateAsync("SQLite", "first");
        await SampleStore.FillAsync(store);

        await ExportAsync(store, _directory.Export);

        var raw = _directory.Read(ExportFiles.Timelines).Where(line => line.Contains("\"raw\":\"")).ToArray();
        raw.Length.ShouldBe(2);
        raw[0].ShouldContain("\"text\":\"hello\"");
    }

    [SkippableFact]
    public async Task Channels_are_listed_as_their_timelines_leave_them()
    {
        await using var store = await CreateAsync("SQLite", "first");
        await SampleStore.FillAsync(store);

        await ExportAsync(store, _directory.Export);

        _directory.Read(ExportFiles.Channels)[1].ShouldBe(
            """{"channel":"7298340912353280","kind":"group","title":"","head":"13","n":2,"members":[{"user":"7298340912345088","role":"owner","since":"1","since_n":0},{"user":"7298340912345089","role":"admin","since":"1","since_n":0}]}""");
        _directory.Read(ExportFiles.Channels).Length.ShouldBe(3);
    }

    [SkippableFact]
    public async Task Files_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var store = await CreateAsync("SQLite", "first");
        await SampleStore.FillAsync(store);

        await ExportAsync(store, _directory.Export);

        File.GetUnixFileMode(_directory.Export).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(_directory.Export))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    private static async Task CarryAsync(ChatStore from, ChatStore to, string directory)
    {
        await ExportAsync(from, directory);
        await Import.RunAsync(to, directory, Quiet(), CancellationToken.None);
    }

    private static Task ExportAsync(ChatStore store, string directory) =>
        Export.RunAsync(store, directory, Quiet(), TimeProvider.System, CancellationToken.None);

    private static TransferProgress Quiet() => new(TextWriter.Null, isQuiet: true, TimeProvider.System);

    private Task<ChatStore> CreateAsync(string kind, string name) => StoreKind.All.Single(known => known.Name == kind).CreateAsync(_directory.At(name));
}
