using Akka.Actor;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>The runtime's own plugins keep the contract.</summary>
public sealed class RuntimePluginTests : JournalPluginContract
{
    private protected override Task<ActorSystem> StartAsync() => Task.FromResult(PluginSystem.Create(journal: null, snapshotStore: null));

    private protected override Task StopAsync() => Task.CompletedTask;
}
