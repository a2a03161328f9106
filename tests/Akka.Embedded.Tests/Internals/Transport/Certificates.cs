using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.Tcp;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>An authority that certifies nodes. What it certifies is valid in the virtual year in which tests take place.</summary>
internal sealed class Certificates
{
    private static readonly DateTimeOffset Start = new(2025, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _authority;

    private Certificates(X509Certificate2 authority) => _authority = authority;

    /// <summary>As a node that trusts it has it: without its key.</summary>
    public X509Certificate2 Authority => X509CertificateLoader.LoadCertificate(_authority.RawData);

    public static Certificates Root(string name = "root") => new(Issue(null, name, Start, End, AsAuthority));

    public Certificates Intermediate(string name) => new(Issue(_authority, name, Start, End, AsAuthority));

    /// <summary>Of a node at these names and addresses.</summary>
    public X509Certificate2 Node(params string[] hosts) => Node(Start, End, hosts, []);

    public X509Certificate2 Expired(params string[] hosts) => Node(Start, Start.AddDays(7), hosts, []);

    /// <summary>It may only be used for purposes with these numbers.</summary>
    public X509Certificate2 Restricted(string host, params string[] purposes) => Node(Start, End, [host], purposes);

    /// <summary>One whose only name is the subject's, as was usual once.</summary>
    public X509Certificate2 OldStyle(string host) => Issue(_authority, host, Start, End, static _ => { });

    /// <summary>What a node has that shows the certificate and trusts this authority.</summary>
    public TlsSettings Trusting(X509Certificate2 certificate) => new() { Certificate = certificate, Authorities = [Authority] };

    private X509Certificate2 Node(DateTimeOffset from, DateTimeOffset to, string[] hosts, string[] purposes) =>
        Issue(_authority, "node", from, to, request =>
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var host in hosts)
            {
                if (IPAddress.TryParse(host, out var address))
                    names.AddIpAddress(address);
                else
                    names.AddDnsName(host);
            }

            request.CertificateExtensions.Add(names.Build());
            if (purposes.Length > 0)
                request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(static p => new Oid(p))], true));
        });

    private static void AsAuthority(CertificateRequest request) =>
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));

    private static X509Certificate2 Issue(
        X509Certificate2? issuer, string name, DateTimeOffset from, DateTimeOffset to, Action<CertificateRequest> extend)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        extend(request);
        if (issuer is null)
            return request.CreateSelfSigned(from, to);
        using var bare = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        using var whole = bare.CopyWithPrivateKey(key);
        // Not every system can use a key that has never been stored.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
