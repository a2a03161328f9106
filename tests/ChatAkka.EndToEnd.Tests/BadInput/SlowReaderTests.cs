using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>A server that says in its log when it closes a socket: the only way to know it without reading from that.</summary>
public sealed class TellsClosings : ServerFixture
{
    public const string TooSlow = "with TooSlow";

    private protected override ServerSettings Settings =>
        ServerSettings.Unlimited.With("Logging:LogLevel:ChatAkka.Gateway.Connections", "Debug");
}

/// <summary>The end of a client that never reads.</summary>
public sealed class SlowReaderTests(TellsClosings fixture) : SlowReaderTest(fixture), IClassFixture<TellsClosings>
{
    [Fact]
    public async Task Client_that_does_not_read_is_closed_with_4429()
    {
        var (flooder, reader, group, person) = await GroupAsync();
        using var offender = await OpenDeafAsync(person);

        for (var i = 0; i < 50 && !WasCut(); i++)
        {
            await FloodAsync(flooder, reader, group, $"flood {i} ", 1024 * 1024);
        }

        // The close frame waits behind what the kernel holds, but not for ever.
        (await offender.ReadToEndAsync()).Code.ShouldBe(4429);

        bool WasCut() => Server.Log.Text.Contains(TellsClosings.TooSlow);
    }
}
