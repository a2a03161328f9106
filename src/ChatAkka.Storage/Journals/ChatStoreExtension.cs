using Akka.Actor;

namespace ChatAkka.Storage.Journals;

/// <summary>
/// Gives the plugins of an actor system its store. Register it before anything persists:
/// <c>system.RegisterExtension(new ChatStoreProvider(store))</c>. The store belongs to whoever opened it, and outlives the system.
/// </summary>
public sealed class ChatStoreExtension(ChatStore store) : IExtension
{
    /// <summary>The running store.</summary>
    public ChatStore Store => store;

    /// <exception cref="InvalidOperationException">None was registered.</exception>
    internal static ChatStore Of(ActorSystem system) => system.TryGetExtension<ChatStoreExtension>(out var extension)
        ? extension.Store
        : throw new InvalidOperationException($"The actor system '{system.Name}' has no store: register one before anything persists.");
}

/// <summary>Registers a running store with an actor system.</summary>
public sealed class ChatStoreProvider(ChatStore store) : ExtensionIdProvider<ChatStoreExtension>
{
    /// <inheritdoc/>
    public override ChatStoreExtension CreateExtension(ExtendedActorSystem system) => new(store);
}
