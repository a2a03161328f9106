using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Benchmarks.Runtime;

/// <summary>What the runtime adds to the start of a process. Only the first run in a process is cold.</summary>
internal static class Startup
{
    public static async Task Run()
    {
        var start = Stopwatch.GetTimestamp();
        var bare = new HostBuilder().Build();
        await bare.StartAsync();
        var withoutActors = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("startup", builder => builder.WithActors(
                (system, registry) => registry.Register<Echo>(system.ActorOf(Props.Create(() => new Echo()), "echo")))))
            .Build();
        await host.StartAsync();
        var started = Stopwatch.GetElapsedTime(start);
        await host.Services.GetRequiredService<IRequiredActor<Echo>>().ActorRef.Ask<string>("hello", TimeSpan.FromSeconds(5));
        var answered = Stopwatch.GetElapsedTime(start);
        Measure.Line("host with an actor system, cold start", $"{started.TotalMilliseconds:N1} ms", $"an empty host before it {withoutActors.TotalMilliseconds:N1} ms");
        Measure.Line("first answer of its first actor", $"{answered.TotalMilliseconds:N1} ms", "from the same moment");
        await host.StopAsync();
        await bare.StopAsync();
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }
}
