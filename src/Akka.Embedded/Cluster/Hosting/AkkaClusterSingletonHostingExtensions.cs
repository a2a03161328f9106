using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.DependencyInjection;
using Akka.Hosting;

namespace Akka.Cluster.Hosting;

/// <summary>Puts singletons into the host's actor system.</summary>
public static class AkkaClusterSingletonHostingExtensions
{
    /// <summary>
    /// Runs an actor on one node of the cluster, and registers a way to it under <typeparamref name="TKey"/>. To be called on every node on
    /// which it may run.
    /// </summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="singletonName">The name of the manager, and of the singleton below it.</param>
    /// <param name="propsFactory">How the singleton is made.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="createProxyToo">False registers nothing.</param>
    public static AkkaConfigurationBuilder WithSingleton<TKey>(
        this AkkaConfigurationBuilder builder,
        string singletonName,
        Func<ActorSystem, IActorRegistry, IDependencyResolver, Props> propsFactory,
        ClusterSingletonOptions? options = null,
        bool createProxyToo = true) =>
        builder.WithActors((system, registry, resolver) =>
        {
            options ??= new ClusterSingletonOptions();
            var settings = ClusterSingletonManagerSettings.Create(system).WithSingletonName(singletonName).WithRole(options.Role);
            var manager = ClusterSingletonManager.Props(
                propsFactory(system, registry, resolver), options.TerminationMessage ?? PoisonPill.Instance, settings);
            system.ActorOf(manager, singletonName);
            if (createProxyToo)
                StartProxy<TKey>(system, registry, singletonName, $"/user/{singletonName}", options);
        });

    /// <inheritdoc cref="WithSingleton{TKey}(AkkaConfigurationBuilder,string,Func{ActorSystem,IActorRegistry,IDependencyResolver,Props},ClusterSingletonOptions,bool)"/>
    /// <param name="actorProps">How the singleton is made.</param>
    public static AkkaConfigurationBuilder WithSingleton<TKey>(
        this AkkaConfigurationBuilder builder,
        string singletonName,
        Props actorProps,
        ClusterSingletonOptions? options = null,
        bool createProxyToo = true) =>
        builder.WithSingleton<TKey>(singletonName, (_, _, _) => actorProps, options, createProxyToo);

    /// <summary>Registers a way to a singleton that other nodes run under <typeparamref name="TKey"/>.</summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="singletonName">The name of the singleton.</param>
    /// <param name="options">Where it is run.</param>
    /// <param name="singletonManagerPath">Without an address; by default that of <c>WithSingleton</c>.</param>
    public static AkkaConfigurationBuilder WithSingletonProxy<TKey>(
        this AkkaConfigurationBuilder builder,
        string singletonName,
        ClusterSingletonOptions? options = null,
        string? singletonManagerPath = null) =>
        builder.WithActors((system, registry) => StartProxy<TKey>(
            system, registry, singletonName, singletonManagerPath ?? $"/user/{singletonName}", options ?? new ClusterSingletonOptions()));

    private static void StartProxy<TKey>(
        ActorSystem system, IActorRegistry registry, string singletonName, string managerPath, ClusterSingletonOptions options)
    {
        var settings = ClusterSingletonProxySettings.Create(system).WithSingletonName(singletonName).WithRole(options.Role);
        if (options.BufferSize is { } bufferSize)
            settings = settings.WithBufferSize(bufferSize);
        registry.Register<TKey>(system.ActorOf(ClusterSingletonProxy.Props(managerPath, settings), $"{singletonName}-proxy"));
    }
}
