using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>What a client that never reads costs the server.</summary>
public sealed class SlowReaderMemoryTests(ServerFixture fixture) : SlowReaderTest(fixture), IClassFixture<ServerFixture>
{
    private const int Flood = 64 * 1024 * 1024;
    private const int Room = 32 * 1024 * 1024;

    [SkippableFact]
    public async Task Client_that_never_reads_takes_no_memory_and_gets_everything_when_it_comes_back()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Reads the server's memory from /proc, which only Linux has; run it there.");
        var (flooder, reader, group, person) = await GroupAsync();
        using var offender = await OpenDeafAsync(person);

        // As much as a server holds anyway once it has moved such messages: only what comes on top is the offender's.
        await FloodAsync(flooder, reader, group, "warm", 16 * 1024 * 1024);
        var before = Server.ResidentBytes();
        await FloodAsync(flooder, reader, group, "flood", Flood);

        (Server.ResidentBytes() - before).ShouldBeLessThan(Room, "the server kept what nobody reads");
        var again = await ConnectAsync(person);
        var synced = again.Syncs.ShouldHaveSingleItem().Json;
        synced.Array("events").Length.ShouldBeGreaterThan(1);
        synced.Bool("more").ShouldBeTrue();
        await flooder.PostAsync(group, "last", "the flood is over");
        await again.TakeMessageAsync(group, "the flood is over");
    }
}
