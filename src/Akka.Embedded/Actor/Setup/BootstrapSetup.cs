namespace Akka.Actor;

/// <summary>The basic settings of a system. It has none here: what Akka.NET reads from HOCON, this runtime takes as setups.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup() { }

    public static BootstrapSetup Create() => new();
}
