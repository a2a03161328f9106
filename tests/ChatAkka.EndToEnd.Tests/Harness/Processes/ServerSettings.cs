using System.Security.Cryptography;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>How a server is started.</summary>
internal sealed record ServerSettings
{
    /// <summary>Without the rates that a busy test would reach.</summary>
    public static ServerSettings Unlimited { get; } = new ServerSettings()
        .With("Limits:SocketRequestsPerSecond", 0).With("Limits:AccountRequestsPerSecond", 0).With("Limits:LogInsPerMinute", 0);

    /// <summary>Signs integrator tokens; null leaves the server without one.</summary>
    public byte[]? IntegratorKey { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Settings, given on the command line.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What a shell runs before it becomes the server, for instance <c>ulimit -n 256</c>.</summary>
    public string? Preparation { get; init; }

    public ServerSettings With(string option, object value) =>
        this with { Options = new Dictionary<string, string>(Options) { [option] = FormattableString.Invariant($"{value}") } };
}
