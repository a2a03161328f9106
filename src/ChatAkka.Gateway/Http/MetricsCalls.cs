using System.Globalization;
using System.Text;
using ChatAkka.Gateway.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>What this node does, in the text format of Prometheus (version 0.0.4). It says nothing of anybody.</summary>
internal sealed class MetricsCalls(ConnectionRegistry connections, IReadiness readiness)
{
    private const string ContentType = "text/plain; version=0.0.4";

    public void Map(IEndpointRouteBuilder routes, ApiHandler handler) =>
        routes.MapGet("/metrics", handler.Open(_ => Task.FromResult(Answers.Raw(StatusCodes.Status200OK, Read(), ContentType))));

    private byte[] Read()
    {
        var memory = GC.GetGCMemoryInfo();
        var text = new StringBuilder();
        Write(
            "chatakka_connections",
            "gauge",
            "Sockets and long polls with a connection of their own.",
            connections.All<Connection>().Count());
        Write("chatakka_ready", "gauge", "1 if the node serves requests.", readiness.NotReadyReason is null ? 1 : 0);
        Write("process_cpu_seconds_total", "counter", "Processor time used.", Environment.CpuUsage.TotalTime.TotalSeconds);
        Write("process_resident_memory_bytes", "gauge", "Memory that is in use.", Environment.WorkingSet);
        Write("dotnet_gc_heap_bytes", "gauge", "The managed heap after the last collection.", memory.HeapSizeBytes);
        Write("dotnet_gc_allocated_bytes_total", "counter", "Managed memory allocated.", GC.GetTotalAllocatedBytes());
        Write(
            "dotnet_gc_pause_seconds_total",
            "counter",
            "Time for which collections stopped the process.",
            GC.GetTotalPauseDuration().TotalSeconds);
        Write("dotnet_thread_pool_threads", "gauge", "Threads of the pool.", ThreadPool.ThreadCount);
        Write("dotnet_thread_pool_queue_length", "gauge", "Work that waits for a thread.", ThreadPool.PendingWorkItemCount);
        return Encoding.ASCII.GetBytes(text.ToString());

        void Write(string name, string type, string help, double value) => text.Append(
            CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
    }
}
