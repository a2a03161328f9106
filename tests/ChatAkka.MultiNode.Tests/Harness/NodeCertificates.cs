using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.MultiNode.Tests.Harness;

/// <summary>Certificate and key of the nodes of one machine, and their authority, as the files that <c>Cluster:Tls</c> wants. Disposing
/// removes them.</summary>
internal sealed class NodeCertificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("chatakka-tls-").FullName;

    public NodeCertificates()
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var node = request.Create(authority, from, to, RandomNumberGenerator.GetBytes(8));

        Settings = new Dictionary<string, string>(ClusterSettings.Unlimited)
        {
            ["Cluster:Tls:Certificate"] = Write("node.pem", node.ExportCertificatePem()),
            ["Cluster:Tls:Key"] = Write("node.key", key.ExportPkcs8PrivateKeyPem()),
            ["Cluster:Tls:Authority"] = Write("authority.pem", authority.ExportCertificatePem()),
        };
    }

    /// <summary>For every node.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Write(string name, string pem)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, pem);
        return path;
    }
}
