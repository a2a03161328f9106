using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Embedded.Tests.Hosting;

public sealed class HostingTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task System_starts_and_stops_with_the_host()
    {
        using var host = Host(builder => builder.WithActors((system, registry) =>
            registry.Register<Echo>(system.ActorOf(Props.Create(() => new Echo()), "echo"))));
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var echo = host.Services.GetRequiredService<IRequiredActor<Echo>>();
        (await echo.ActorRef.Ask<string>("hello", Timeout)).ShouldBe("hello");
        (await (await echo.GetAsync()).Ask<string>("again", Timeout)).ShouldBe("again");
        await host.StopAsync();
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Host_stops_when_its_system_does()
    {
        using var host = Host(_ => { });
        await host.StartAsync();
        var stopping = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
        await stopping.Task.WaitAsync(Timeout);
        await host.StopAsync();
    }

    [Fact]
    public async Task Starters_run_in_order_and_start_up_tasks_after_them()
    {
        var ran = new ConcurrentQueue<string>();
        using var host = Host(builder => builder
            .AddStartup((_, _) => ran.Enqueue("startup"))
            .WithActors((_, _) => ran.Enqueue("first"))
            .WithActors(async (_, _) =>
            {
                await Task.Yield();
                ran.Enqueue("second");
            })
            .StartActors((_, _) => ran.Enqueue("third")));
        await host.StartAsync();
        ran.ShouldBe(["first", "second", "third", "startup"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task Resolver_fills_in_what_the_host_has()
    {
        using var host = Host(
            builder => builder.WithActors((system, registry, resolver) =>
                registry.Register<Greeter>(system.ActorOf(resolver.Props<Greeter>("you")))),
            services => services.AddSingleton(new Greeting("hello")));
        await host.StartAsync();
        var greeter = host.Services.GetRequiredService<ActorRegistry>().Get<Greeter>();
        (await greeter.Ask<string>("greet", Timeout)).ShouldBe("hello you");
        await host.StopAsync();
    }

    [Fact]
    public async Task Log_goes_to_the_hosts_loggers()
    {
        var lines = new ConcurrentQueue<string>();
        using var host = Host(
            builder => builder.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
                loggers.LogLevel = Akka.Event.LogLevel.InfoLevel;
            }),
            services => services.AddLogging(logging => logging.AddProvider(new CollectingProvider(lines))));
        await host.StartAsync();
        var log = host.Services.GetRequiredService<ActorSystem>().Log;
        log.Debug("hidden");
        log.Info("visible {0}", 1);
        await host.StopAsync();
        lines.ShouldContain(line => line.Contains("visible 1"));
        lines.ShouldNotContain(line => line.Contains("hidden"));
    }

    [Fact]
    public void Registry_refuses_a_second_actor_for_a_key()
    {
        using var system = ActorSystem.Create("registry");
        var registry = ActorRegistry.For(system);
        var (a, b) = (system.ActorOf<Echo>(), system.ActorOf<Echo>());
        registry.TryRegister<Echo>(a).ShouldBeTrue();
        registry.TryRegister<Echo>(b).ShouldBeFalse();
        Should.Throw<DuplicateActorRegistryException>(() => registry.Register<Echo>(b));
        registry.Register<Echo>(b, overwrite: true);
        registry.Get<Echo>().ShouldBe(b);
        registry.TryGet<Greeter>(out _).ShouldBeFalse();
        Should.Throw<MissingActorRegistryEntryException>(() => registry.Get<Greeter>());
    }

    [Fact]
    public async Task Registry_gives_an_actor_as_soon_as_it_is_there()
    {
        using var system = ActorSystem.Create("registry");
        var registry = ActorRegistry.For(system);
        var waiting = registry.GetAsync<Echo>();
        waiting.IsCompleted.ShouldBeFalse();
        var echo = system.ActorOf<Echo>();
        registry.Register<Echo>(echo);
        (await waiting.WaitAsync(Timeout)).ShouldBe(echo);
    }

    private static IHost Host(Action<AkkaConfigurationBuilder> configure, Action<IServiceCollection>? services = null) =>
        new HostBuilder()
            .ConfigureServices(collection =>
            {
                services?.Invoke(collection);
                collection.AddAkka("hosted", configure);
            })
            .Build();

    private sealed record Greeting(string Text);

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Greeter : ReceiveActor
    {
        public Greeter(Greeting greeting, string name) => ReceiveAny(_ => Sender.Tell($"{greeting.Text} {name}"));
    }

    private sealed class CollectingProvider(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));

        public void Dispose() { }
    }
}
