namespace Akka.Remote.Wire;

/// <summary>
/// The numbers that the sending side of a link gives to what comes often: sent with its name once, by number from then on. There is a fixed
/// number of numbers; when they are used up the one that was given first is given anew, which the receiving side sees by the name that comes
/// with it.
/// </summary>
internal sealed class NumberedNames<T>(int capacity)
    where T : class
{
    private readonly Dictionary<T, uint> _numbers = [];
    private T?[] _byNumber = new T?[16];
    private uint _next = 1;

    /// <summary>The number; <paramref name="isNew"/> if the name must go with it.</summary>
    public uint NumberOf(T named, out bool isNew)
    {
        if (_numbers.TryGetValue(named, out var number))
        {
            isNew = false;
            return number;
        }

        isNew = true;
        number = _next;
        _next = _next == capacity ? 1 : _next + 1;
        if (number >= _byNumber.Length)
            Array.Resize(ref _byNumber, Math.Min(_byNumber.Length * 4, capacity + 1));
        if (_byNumber[number] is { } former)
            _numbers.Remove(former);
        _byNumber[number] = named;
        _numbers.Add(named, number);
        return number;
    }
}

/// <summary>The receiving side's counterpart of <see cref="NumberedNames{T}"/>.</summary>
internal sealed class NumberTable<T>(int capacity)
    where T : class
{
    private T?[] _byNumber = new T?[16];

    /// <summary>Null if nothing has been said of the number.</summary>
    public T? Find(uint number) => number < (uint)_byNumber.Length ? _byNumber[number] : null;

    /// <summary>False if the number is beyond what a peer may use.</summary>
    public bool TrySet(uint number, T named)
    {
        if (number == 0 || number > (uint)capacity)
            return false;
        if (number >= (uint)_byNumber.Length)
            Array.Resize(ref _byNumber, Math.Min(Math.Max(_byNumber.Length * 4, (int)number + 1), capacity + 1));
        _byNumber[number] = named;
        return true;
    }
}
