using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Tests;

namespace ChatAkka.Actors.Tests.Faults;

/// <summary>A device as a test has it.</summary>
/// <param name="connection">A <see cref="DeviceActor"/>.</param>
internal sealed class Device(DeviceId id, UserId user, IActorRef connection)
{
    public DeviceId Id => id;

    /// <summary>Completes when the device has caught up for the first time.</summary>
    public Task LiveAsync() => AskAsync<bool>(answer => new AwaitLive(answer)).Within($"{user} to be connected");

    /// <summary>Sends messages with client ids c0, c1, … (or from another number on), all at once, and repeats each until it is
    /// acknowledged.</summary>
    /// <returns>By client id what each was acknowledged with, earlier ones too.</returns>
    public Task<IReadOnlyDictionary<string, Posted>> SendAsync(ChannelId channel, int messages, int from = 0) =>
        AskAsync<IReadOnlyDictionary<string, Posted>>(answer => new Send(channel, from, messages, answer));

    /// <summary>Which client ids are acknowledged by now.</summary>
    public Task<IReadOnlySet<string>> AcknowledgedAsync() => AskAsync<IReadOnlySet<string>>(answer => new ListAcknowledged(answer));

    /// <summary>What the device has of a channel, once it has it up to an id.</summary>
    public Task<IReadOnlyList<ChannelEvent>> ReceivedAsync(ChannelId channel, long head) =>
        AskAsync<IReadOnlyList<ChannelEvent>>(answer => new AwaitHead(channel, head, answer)).Within($"{user} to have {head} of {channel}");

    private Task<T> AskAsync<T>(Func<TaskCompletionSource<T>, object> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Tell(question(answer), ActorRefs.NoSender);
        return answer.Task;
    }

    internal sealed record AwaitLive(TaskCompletionSource<bool> Answer);

    internal sealed record Send(
        ChannelId Channel, int From, int Messages, TaskCompletionSource<IReadOnlyDictionary<string, Posted>> Answer);

    internal sealed record ListAcknowledged(TaskCompletionSource<IReadOnlySet<string>> Answer);

    internal sealed record AwaitHead(ChannelId Channel, long Head, TaskCompletionSource<IReadOnlyList<ChannelEvent>> Answer);
}
