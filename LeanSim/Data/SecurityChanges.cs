namespace QuantConnect.Data.UniverseSelection;

/// <summary>Securities that came and went.</summary>
public class SecurityChanges
{
    public static readonly SecurityChanges None = new(new List<Security>(), new List<Security>(), new List<Security>(), new List<Security>());
    private readonly List<Security> _added;
    private readonly List<Security> _removed;
    private readonly List<Security> _internalAdded;
    private readonly List<Security> _internalRemoved;
    public int Count => _added.Count + _removed.Count + _internalAdded.Count + _internalRemoved.Count;
    public bool FilterCustomSecurities { get; set; }
    public bool FilterInternalSecurities { get; set; }
    public IReadOnlyList<Security> AddedSecurities => Visible(_added, _internalAdded);
    public IReadOnlyList<Security> RemovedSecurities => Visible(_removed, _internalRemoved);

    public SecurityChanges(SecurityChanges changes)
        : this(changes._added, changes._removed, changes._internalAdded, changes._internalRemoved) { }

    private SecurityChanges(List<Security> added, List<Security> removed, List<Security> internalAdded, List<Security> internalRemoved)
    {
        _added = added;
        _removed = removed;
        _internalAdded = internalAdded;
        _internalRemoved = internalRemoved;
    }

    public static SecurityChanges Create(IReadOnlyCollection<Security> additions, IReadOnlyCollection<Security> removals,
        IReadOnlyCollection<Security> internalAdditions, IReadOnlyCollection<Security> internalRemovals)
    {
        var changes = new SecurityChanges(
            additions.Distinct().ToList(), removals.Distinct().ToList(), internalAdditions.Distinct().ToList(), internalRemovals.Distinct().ToList());
        return changes.Count > 0 ? changes : None;
    }

    public static SecurityChanges operator +(SecurityChanges left, SecurityChanges right)
    {
        if (left.Count == 0)
            return right;
        if (right.Count == 0)
            return left;
        var added = left._added.Union(right._added).ToList();
        var internalAdded = left._internalAdded.Union(right._internalAdded).ToList();
        return new SecurityChanges(
            added,
            left._removed.Union(right._removed).Except(added).Except(internalAdded).ToList(),
            internalAdded,
            left._internalRemoved.Union(right._internalRemoved).Except(added).Except(internalAdded).ToList());
    }

    public override string ToString()
    {
        if (Count == 0)
            return "SecurityChanges: None";
        var added = AddedSecurities.Count == 0 ? string.Empty : $" Added: {string.Join(",", AddedSecurities.Select(x => x.Symbol.ID))}";
        var removed = RemovedSecurities.Count == 0 ? string.Empty : $" Removed: {string.Join(",", RemovedSecurities.Select(x => x.Symbol.ID))}";
        return $"SecurityChanges: {added}{removed}";
    }

    private List<Security> Visible(List<Security> user, List<Security> hidden) =>
        (FilterInternalSecurities ? user : user.Union(hidden)).OrderBy(security => security.Symbol.Value).ToList();
}
