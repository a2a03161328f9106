using Akka.Actor;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Discovery;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Push;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;

namespace ChatAkka.Actors.Tests.Serialization.Nodes;

/// <summary>No message that leaves its node is forgotten.</summary>
public sealed class NodeMessageListTests
{
    /// <summary>What is public besides messages and actors.</summary>
    private static readonly Type[] NoMessages =
    [
        typeof(ChannelRegion), typeof(UserRegion), typeof(PresenceBoard), typeof(ChannelExtractor), typeof(UserExtractor), typeof(ReceiptGuard),
        typeof(ChatOptions), typeof(ChatStores), typeof(ChannelServices), typeof(UserServices), typeof(ChatSerializer),
        typeof(NodeSerializer), typeof(DeliveryLog), typeof(NodeDirectory), typeof(TimelineReader), typeof(PushFactsReader),
        typeof(ReceiptChange), typeof(PresenceState), typeof(SessionResume), typeof(StoredCursor), // parts of messages
    ];

    [Fact]
    public void Every_type_that_the_serializer_is_bound_to_has_a_codec_and_the_other_way_round() =>
        new[] { typeof(ChannelCommand).Assembly, typeof(Broadcast).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsAbstract && NodeSerializer.BoundTypes.Any(type.IsAssignableTo))
            .ShouldBe(MadeUpMessages.Types, ignoreOrder: true);

    [Fact]
    public void Every_public_type_of_the_actors_leaves_its_node_or_is_marked_as_local() =>
        typeof(Broadcast).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && !type.IsSubclassOf(typeof(ActorBase)) && !type.IsAssignableTo(typeof(ILocalMessage)))
            .Except(NoMessages)
            .ShouldBe(MadeUpMessages.Types.Where(type => type.Assembly == typeof(Broadcast).Assembly), ignoreOrder: true);

    [Fact]
    public void Nothing_that_is_local_has_a_form() => MadeUpMessages.Types.ShouldAllBe(type => !type.IsAssignableTo(typeof(ILocalMessage)));
}
