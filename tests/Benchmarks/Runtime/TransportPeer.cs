using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport;
using Akka.Remote.Transport.Tcp;

namespace Benchmarks.Runtime;

/// <summary>The node that listens: this program, as another process. Disposing ends it.</summary>
internal sealed class TransportPeer : IDisposable
{
    /// <summary>The verb with which this program runs itself as that process.</summary>
    public const string Verb = "transport-peer";

    private readonly Process _process;

    private TransportPeer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <param name="tls">Null for plain TCP.</param>
    public static TransportPeer Start(TlsSettings? tls)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(TransportPeer).Assembly.Location);
        start.ArgumentList.Add(Verb);
        var process = Process.Start(start)!;
        process.StandardInput.WriteLine(
            tls is null ? "" : Convert.ToBase64String(tls.Certificate.Export(X509ContentType.Pkcs12)));
        return new TransportPeer(process, int.Parse(process.StandardOutput.ReadLine()!));
    }

    /// <summary>The other process: is told its certificate, tells its port, and lives until its input ends.</summary>
    public static async Task<int> Run()
    {
        var tls = Console.ReadLine() is { Length: > 0 } line
            ? Trusting(X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(line), null))
            : null;
        using var listener = Transport(tls).Listen("127.0.0.1", 0, _ => new Handler());
        Console.WriteLine(listener.Port);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static TcpTransport Transport(TlsSettings? tls) =>
        new(new TcpTransportSettings { Time = TimeProvider.System, Log = NoLogger.Instance, Tls = tls });

    /// <summary>One certificate for both nodes, which is its own authority.</summary>
    public static TlsSettings CreateTls()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return Trusting(X509CertificateLoader.LoadPkcs12(
            certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static TlsSettings Trusting(X509Certificate2 certificate) => new() { Certificate = certificate, Authorities = [certificate] };

    /// <summary>The first byte of a frame.</summary>
    public static class Kind
    {
        /// <summary>Counted; every so many are acknowledged.</summary>
        public const byte Data = 0;

        public const byte Echo = 1;

        /// <summary>Asks for the CPU time used so far.</summary>
        public const byte Cpu = 2;
    }

    private sealed class Handler : ILinkHandler
    {
        private const int BytesPerAcknowledgement = 256 * 1024;

        private readonly byte[] _answer = new byte[9];
        private int _received;
        private int _unacknowledged;

        public void Opened(ILink link) { }

        public void Closed(ILink link, Exception? cause) { }

        public void Received(ILink link, ReadOnlySpan<byte> frame)
        {
            switch (frame[0])
            {
                case Kind.Data:
                    _received++;
                    _unacknowledged += frame.Length;
                    if (_unacknowledged >= BytesPerAcknowledgement || frame[1] != 0)
                        Answer(link, Kind.Data, Interlocked.Exchange(ref _received, _unacknowledged = 0));
                    break;
                case Kind.Echo:
                    link.TrySend(frame, int.MaxValue);
                    break;
                default:
                    Answer(link, Kind.Cpu, Environment.CpuUsage.TotalTime.Ticks);
                    break;
            }
        }

        private void Answer(ILink link, byte kind, long value)
        {
            _answer[0] = kind;
            BinaryPrimitives.WriteInt64LittleEndian(_answer.AsSpan(1), value);
            link.TrySend(_answer, int.MaxValue);
        }
    }
}
