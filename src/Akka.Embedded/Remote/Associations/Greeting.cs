using Akka.Actor;
using Akka.Remote.Wire;

namespace Akka.Remote.Associations;

/// <summary>How two nodes come to know who and what each other is, before anything else is said.</summary>
internal static class Greeting
{
    /// <summary>The versions of the protocol between nodes that this program speaks: a rolling upgrade needs one that old and new share.</summary>
    public const uint MinVersion = 1;

    /// <inheritdoc cref="MinVersion"/>
    public const uint MaxVersion = 1;

    public static Frame Hello(RemoteSystem remote, Address to) => new()
    {
        Hello = new Hello
        {
            MinVersion = MinVersion,
            MaxVersion = MaxVersion,
            Address = remote.Address.ToString(),
            Uid = remote.Uid,
            To = to.ToString(),
        },
    };

    /// <summary>Why a node that says hello isn't let in, or null. Whether it is quarantined is another matter.</summary>
    public static Refusal? Check(Hello hello, RemoteSystem remote, out Address from)
    {
        from = null!;
        if (!Address.TryParse(hello.Address, out var address) || !address.HasGlobalScope || hello.Uid == 0)
            return Refuse(Refusal.Types.Reason.Address, "The greeting doesn't say who greets.");
        from = address;
        if (hello.To != remote.Address.ToString())
            return Refuse(Refusal.Types.Reason.Address, $"This is {remote.Address}.");
        return VersionOf(hello) == 0
            ? Refuse(Refusal.Types.Reason.Version, $"This node speaks the versions {MinVersion} to {MaxVersion} of the protocol.")
            : null;
    }

    /// <summary>The highest version that both speak; 0 if there is none.</summary>
    public static uint VersionOf(Hello hello)
    {
        var version = Math.Min(hello.MaxVersion, MaxVersion);
        return version >= Math.Max(hello.MinVersion, MinVersion) ? version : 0;
    }

    public static Refusal Quarantined() => Refuse(Refusal.Types.Reason.Quarantined, "This incarnation was declared dead.");

    private static Refusal Refuse(Refusal.Types.Reason reason, string text) => new() { Reason = reason, Text = text };
}
