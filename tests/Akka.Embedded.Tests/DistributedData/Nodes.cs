using Akka.Actor;
using Akka.Cluster;

namespace Akka.Embedded.Tests.DistributedData;

/// <summary>Nodes that need not exist.</summary>
internal static class Nodes
{
    public static readonly UniqueAddress A = Of("a");
    public static readonly UniqueAddress B = Of("b");
    public static readonly UniqueAddress C = Of("c");
    public static readonly UniqueAddress D = Of("d");

    public static readonly UniqueAddress[] All = [A, B, C, D];

    private static UniqueAddress Of(string host) => new(new Address("akka.tcp", "sim", host, 2552), host[0]);
}
