namespace ChatAkka.Replay.Faults;

/// <summary>A fault that is one procedure.</summary>
internal sealed class Fault(string name, bool endsLives, Func<FaultRecord, Random, TimeProvider, Task> strike) : IFault
{
    public string Name => name;

    public bool EndsLives => endsLives;

    public Task StrikeAsync(FaultRecord record, Random random, TimeProvider time) => strike(record, random, time);
}
