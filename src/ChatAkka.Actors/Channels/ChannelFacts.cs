using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// What a channel knows besides its state: facts about the command that is decided next, and who has blocked whom, which holds until
/// somebody says that it may have changed. One look-up at a time; its outcome comes back to the channel actor as
/// <see cref="FactsLoaded"/> or <see cref="FactsUnavailable"/>.
/// </summary>
internal sealed class ChannelFacts(ChannelId channel, ChannelServices services, IActorRef self)
{
    private Facts? _facts;
    private BlockState? _blocks;
    private int _blocksVersion;

    /// <summary>A look-up is under way.</summary>
    public bool IsLoading { get; private set; }

    /// <summary>What the next decision depends on.</summary>
    public DecisionContext Context() =>
        new(services.Time.GetUtcNow().ToUnixTimeMilliseconds(), services.Options.MaxGroupSize, _blocks, _facts);

    public void Load(Undecided wanted)
    {
        IsLoading = true;
        new FactsLoader(channel, services).LoadAsync(wanted, _blocksVersion)
            .PipeTo(self, failure: cause => new FactsUnavailable(cause));
    }

    public void Take(FactsLoaded loaded)
    {
        IsLoading = false;
        _facts = loaded.Facts;
        if (loaded.BlocksVersion == _blocksVersion)
        {
            _blocks = loaded.Blocks ?? _blocks;
        }
    }

    /// <summary>The look-up has failed.</summary>
    public void GiveUp() => IsLoading = false;

    /// <summary>The command that the facts were about is decided.</summary>
    public void Decided() => _facts = null;

    /// <summary>What is known of blocks is outdated, and so is what is just being looked up.</summary>
    public void ForgetBlocks() => (_blocks, _blocksVersion) = (null, _blocksVersion + 1);

    /// <summary>Whether one of a direct channel's two users has blocked the other; null if that isn't known: then it is looked
    /// up.</summary>
    public bool? IsAnybodyBlocked()
    {
        if (_blocks is null && !IsLoading)
        {
            Load(new Undecided([], []) { WantsBlocks = true });
        }

        return _blocks is { } blocks ? blocks != default : null;
    }
}
