namespace Akka.Embedded.Tests.Internals.Transport;

public sealed class TlsTransportTests() : TransportContract(Secured())
{
    private static TcpTestNetwork Secured()
    {
        var authority = Certificates.Root();
        var near = authority.Trusting(authority.Node("near"));
        var far = authority.Trusting(authority.Node("127.0.0.1"));
        return new TcpTestNetwork(settings => settings with { Tls = near }, settings => settings with { Tls = far });
    }
}
