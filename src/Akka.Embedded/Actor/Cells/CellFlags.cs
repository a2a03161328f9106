namespace Akka.Actor;

/// <summary>Where a cell is in its life. Touched by its runner only.</summary>
[Flags]
internal enum CellFlags : byte
{
    None = 0,
    Created = 1,
    Creating = 2,
    Failed = 4,
    Terminating = 8,
    WrapsReceive = 16,
}
