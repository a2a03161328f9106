using ChatAkka.Storage;
using ChatAkka.Storage.Journals;
using ChatAkka.Tests;

namespace ChatAkka.Actors.Tests.Faults;

/// <summary>A store that is another one, except that what is written to its journal meets with what a plan has for it.</summary>
internal sealed class FaultyStore(ChatStore inner, FaultPlan plan) : StoreDecorator(inner)
{
    internal override IEventStore Journal { get; } = new FaultyEventStore(inner.Journal, plan);
}
