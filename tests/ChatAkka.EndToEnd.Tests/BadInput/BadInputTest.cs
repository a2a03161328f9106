using System.Runtime.ExceptionServices;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>
/// Bad input harms only its sender (P8): two others chat through every one of these tests and are undisturbed, after the offence too, and
/// the log stays clean.
/// </summary>
public abstract class BadInputTest : EndToEndTest
{
    private Bystanders? _bystanders;

    private protected BadInputTest(ServerFixture fixture)
        : base(fixture)
    {
    }

    private protected BadInputTest()
    {
    }

    private protected Bystanders Bystanders => _bystanders ?? throw new InvalidOperationException("nobody stands by yet");

    public override Task InitializeAsync() => HasServer ? StandByAsync() : Task.CompletedTask;

    public override async Task DisposeAsync()
    {
        ExceptionDispatchInfo? disturbed = null;
        if (_bystanders is not null)
        {
            try
            {
                await _bystanders.ChatOnAsync();
                await _bystanders.DisposeAsync();
            }
            catch (Exception e)
            {
                disturbed = ExceptionDispatchInfo.Capture(e);
            }
        }

        await base.DisposeAsync();
        disturbed?.Throw();
    }

    /// <summary>For tests with a server of their own.</summary>
    private protected async Task<ServerProcess> StartWithBystandersAsync(ServerSettings settings)
    {
        var server = await StartServerAsync(settings);
        await StandByAsync();
        return server;
    }

    private async Task StandByAsync()
    {
        var people = await MeetAsync("anna", "ben");
        _bystanders = await Bystanders.StartAsync(Server, people[0], people[1]);
    }
}
