using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The props of all entities of a region: they ask the application's factory when an incarnation is made, so that an idle entity
/// keeps no props of its own.
/// </summary>
internal sealed class EntityProps(Func<string, Props> factory) : Props
{
    public override ActorBase NewActor()
    {
        var cell = ActorCell.Current!;
        var props = factory(Uri.UnescapeDataString(cell.Name));
        if (!props.OnlyConstructs)
        {
            // Such props also supervise or release what they have made: the cell needs the very ones.
            cell.Props = props;
        }

        return props.NewActor();
    }
}
