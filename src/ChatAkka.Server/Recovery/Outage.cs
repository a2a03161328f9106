namespace ChatAkka.Server.Recovery;

/// <summary>Whether the store answers whoever looks again and again: so that the operator is told once, and not with every look.</summary>
internal struct Outage
{
    private bool _isOut;

    /// <summary>It can't answer.</summary>
    /// <returns>True if that is news.</returns>
    public bool Begins()
    {
        var isNews = !_isOut;
        _isOut = true;
        return isNews;
    }

    /// <summary>It has answered.</summary>
    public void Ends() => _isOut = false;
}
