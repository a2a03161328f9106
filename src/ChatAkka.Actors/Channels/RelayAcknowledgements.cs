using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// What users have acknowledged to channels of other nodes and is to be passed on together: as soon as all have who were asked, or when it
/// is old. Of a channel only the newest question is waited for. Bounded in channels; beyond that nothing is gathered.
/// </summary>
internal sealed class RelayAcknowledgements
{
    /// <summary>Channels that are waited for at once.</summary>
    public const int MaxChannels = 10_000;

    private readonly Dictionary<ChannelId, Gathering> _gatherings = [];

    public bool IsEmpty => _gatherings.Count == 0;

    /// <summary>Waits for the answers to a question, in place of the one before. False if there is no room for that.</summary>
    /// <param name="channel">Who asks.</param>
    public bool TryBegin(RelayProbe probe, IActorRef channel)
    {
        if (_gatherings.Count >= MaxChannels && !_gatherings.ContainsKey(probe.Channel))
        {
            return false;
        }

        _gatherings[probe.Channel] = new Gathering(probe, channel);
        return true;
    }

    /// <summary>What is gathered for a channel; null if nothing is (any more).</summary>
    public Gathering? Find(ChannelId channel) => _gatherings.GetValueOrDefault(channel);

    /// <summary>Tells the channel what was gathered, and waits for nothing more.</summary>
    public void Answer(Gathering gathering, IActorRef self)
    {
        _gatherings.Remove(gathering.Id);
        if (gathering.Users is { Length: > 0 } users)
        {
            gathering.Channel.Tell(new MembersAcknowledged(gathering.Id, users, gathering.Head), self);
        }
    }

    /// <summary>Answers what was waited for at the last call already.</summary>
    public void AnswerOld(IActorRef self)
    {
        foreach (var gathering in _gatherings.Values.ToArray())
        {
            if (gathering.IsOld)
            {
                Answer(gathering, self);
            }

            gathering.IsOld = true;
        }
    }

    /// <summary>The answers to one question.</summary>
    internal sealed class Gathering(RelayProbe probe, IActorRef channel)
    {
        private readonly ImmutableArray<UserId>.Builder _users = ImmutableArray.CreateBuilder<UserId>(probe.Users.Length);

        public ChannelId Id => probe.Channel;

        public long Head => probe.Head;

        /// <summary>Who asks.</summary>
        public IActorRef Channel => channel;

        /// <summary>Who has answered.</summary>
        public ImmutableArray<UserId> Users => _users.ToImmutable();

        public bool IsOld { get; set; }

        /// <summary>A user has answered. True if nobody else is to be waited for.</summary>
        public bool Add(UserId user)
        {
            _users.Add(user);
            return _users.Count == probe.Users.Length;
        }
    }
}
