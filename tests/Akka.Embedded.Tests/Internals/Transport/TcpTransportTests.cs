namespace Akka.Embedded.Tests.Internals.Transport;

public sealed class TcpTransportTests() : TransportContract(new TcpTestNetwork());
