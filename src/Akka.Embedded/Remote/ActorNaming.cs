using Akka.Actor;

namespace Akka.Remote;

/// <summary>How references are written for other nodes, and read back.</summary>
internal static class ActorNaming
{
    private static readonly string NobodyPath = ActorRefs.Nobody.Path.ToString();

    /// <summary>The path of a node's own actor, or of one of the receiver's: <c>/user/a#12</c>.</summary>
    public static string WithoutAddress(ActorPath path) =>
        path.Uid == 0 ? path.ToStringWithoutAddress() : $"{path.ToStringWithoutAddress()}#{path.Uid}";

    /// <summary>The reference with its node's address. A reference that only waits for an answer can be found by it from now on.</summary>
    public static string Absolute(IActorRef actor)
    {
        if (actor is Nobody)
            return NobodyPath;
        if (actor is not IInternalActorRef { SystemImpl: { Remote: { } remote } system } || actor is RemoteActorRef)
            return actor.Path.ToSerializationFormat();
        if (actor is ITemporaryRef temporary)
            system.Temporaries.Register(temporary);
        return actor.Path.ToSerializationFormatWithAddress(remote.Address);
    }

    /// <summary>As <see cref="Absolute"/>, but of the node's own actors without the address: for frames, of which the receiver knows whose
    /// they are.</summary>
    public static string ForFrame(IActorRef actor)
    {
        if (actor is RemoteActorRef or Nobody)
            return Absolute(actor);
        if (actor is ITemporaryRef temporary)
            ((IInternalActorRef)actor).SystemImpl.Temporaries.Register(temporary);
        return WithoutAddress(actor.Path);
    }

    public static bool IsNobody(ActorPath path) => path.Address.System == ActorRefs.Nobody.Path.Address.System && path.Name == "Nobody";
}
