using Akka.Actor;

namespace Akka.DistributedData.Replication;

/// <summary>Who wants to know of which keys, and which of them have changed since they were told.</summary>
internal sealed class Subscriptions
{
    private readonly Dictionary<string, Topic> _topics = [];
    private readonly Dictionary<IActorRef, int> _subscribers = [];
    private readonly List<Topic> _pending = [];

    /// <summary>Somebody is to be told something.</summary>
    public bool IsPending => _pending.Count > 0;

    public IEnumerable<IActorRef> Subscribers => _subscribers.Keys;

    /// <returns>Whether it is the subscriber's first.</returns>
    public bool Add(IKey key, IActorRef subscriber)
    {
        if (!_topics.TryGetValue(key.Id, out var topic))
            _topics[key.Id] = topic = new Topic(key);
        var isKnown = topic.Subscribers.Contains(subscriber);
        if (!isKnown)
            topic.Subscribers.Add(subscriber);
        // Whoever subscribes again is told again, as in Akka.NET.
        if (!topic.New.Contains(subscriber))
            topic.New.Add(subscriber);
        MarkPending(topic);
        if (isKnown)
            return false;
        var count = _subscribers.GetValueOrDefault(subscriber);
        _subscribers[subscriber] = count + 1;
        return count == 0;
    }

    /// <returns>Whether it was the subscriber's last.</returns>
    public bool Remove(string key, IActorRef subscriber)
    {
        if (!_topics.TryGetValue(key, out var topic) || !topic.Subscribers.Remove(subscriber))
            return false;
        topic.New.Remove(subscriber);
        if (topic.Subscribers.Count == 0)
        {
            _topics.Remove(key);
            _pending.Remove(topic);
        }

        var left = _subscribers[subscriber] - 1;
        if (left > 0)
            _subscribers[subscriber] = left;
        else
            _subscribers.Remove(subscriber);
        return left == 0;
    }

    public void Remove(IActorRef subscriber)
    {
        foreach (var topic in _topics.Values.Where(topic => topic.Subscribers.Contains(subscriber)).ToArray())
            Remove(topic.Key.Id, subscriber);
    }

    public void Changed(string key)
    {
        if (!_topics.TryGetValue(key, out var topic))
            return;
        topic.HasChanged = true;
        MarkPending(topic);
    }

    /// <summary>Tells whoever is to be told.</summary>
    /// <param name="news">What there is to tell of a key; null if nothing.</param>
    /// <param name="sender">The replicator.</param>
    public void Flush(Func<IKey, object?> news, IActorRef sender)
    {
        foreach (var topic in _pending)
        {
            if (news(topic.Key) is { } message)
            {
                foreach (var subscriber in topic.HasChanged ? topic.Subscribers : topic.New)
                    subscriber.Tell(message, sender);
            }

            topic.HasChanged = topic.IsPending = false;
            topic.New.Clear();
        }

        _pending.Clear();
    }

    private void MarkPending(Topic topic)
    {
        if (topic.IsPending)
            return;
        topic.IsPending = true;
        _pending.Add(topic);
    }

    private sealed class Topic(IKey key)
    {
        public IKey Key => key;

        public List<IActorRef> Subscribers { get; } = [];

        /// <summary>Those who are told although nothing has changed.</summary>
        public List<IActorRef> New { get; } = [];

        public bool HasChanged { get; set; }

        public bool IsPending { get; set; }
    }
}
