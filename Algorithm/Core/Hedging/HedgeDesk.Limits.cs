#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>Distances, exposure limits, the order budget, and the commands of a person.</summary>
public sealed partial class HedgeDesk
{
    /// <summary>The commands, as they are written.</summary>
    public static IReadOnlyList<string> KnownCommands { get; } = ["halt", "resume", "flatten", "kill"];

    /// <summary>
    /// Carries out a command: <c>halt</c> (exits only), <c>resume</c>, <c>flatten</c> (close in pairs, then exits only)
    /// of a group, of a venue, or of <c>all</c>; <c>kill</c> flattens all and halts. An unknown command or target is
    /// refused and changes nothing.
    /// </summary>
    /// <param name="command">As in <see cref="KnownCommands"/>.</param>
    /// <param name="target">A group's name, a market, or <c>all</c>; not used by kill.</param>
    /// <param name="utcNow">UTC.</param>
    public CommandResult Command(string command, string target, DateTime utcNow)
    {
        lock (_gate)
        {
            if (!KnownCommands.Contains(command))
            {
                return new CommandResult(false, $"command '{command}' is unknown: use one of {string.Join(", ", KnownCommands)}.");
            }

            var isAll = command == "kill" || target == "all";
            var groups = _groups.Where(group => isAll || group.Group.Name == target).ToList();
            var venues = _health.Values.Where(health => isAll || health.Venue == target).ToList();
            if (groups.Count == 0 && venues.Count == 0)
            {
                return new CommandResult(false, $"{command} '{target}': no such group or venue; groups are {string.Join(", ", _groups.Select(group => group.Group.Name))}, venues {string.Join(", ", _health.Keys)}, or all.");
            }

            if (groups.Count == 0 && command == "flatten")
            {
                groups = _groups.Where(group => group.Instruments.Any(instrument => venues.Contains(instrument.Health) && instrument.Book.Held != 0m)).ToList();
                groups.ForEach(group => group.FlattenedWith = target);
            }
            else if (groups.Count == 0 && command == "resume")
            {
                groups = _groups.Where(group => group.FlattenedWith == target).ToList();
            }

            foreach (var venue in venues)
            {
                venue.SetHalted(command != "resume", utcNow);
            }

            foreach (var group in groups)
            {
                group.Halts = command == "resume" ? HaltCauses.None : group.Halts | HaltCauses.Command;
                group.IsFlattening = command is "flatten" or "kill";
                group.FlattenedWith = group.IsFlattening && !isAll ? group.FlattenedWith : null;
            }

            foreach (var group in _groups)
            {
                group.Changed();
                group.IsStale = true;
            }

            var what = string.Join(", ", groups.Select(group => group.Group.Name).Concat(venues.Select(venue => venue.Venue)));
            _warned.Remove((DeskNoticeKind.Command, what));
            Notice(utcNow, DeskNoticeKind.Command, what, $"{command} {what}");
            Act(utcNow);
            return new CommandResult(true, $"{command} {what}");
        }
    }

    /// <summary>Lets a group take exits only until a person resumes it.</summary>
    /// <param name="group">One of <see cref="Groups"/>.</param>
    /// <param name="cause">Why.</param>
    public void Halt(GroupDesk group, HaltCauses cause)
    {
        lock (_gate)
        {
            group.Halts |= cause;
            group.Changed();
            group.IsStale = true;
        }
    }

    /// <summary>Marks whose pairs shrink, with hysteresis; costs nothing while every account is far from liquidation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WatchDistances(DateTime utcNow)
    {
        if (!_accounts.IsNearer(_settings.WarnDistance + _settings.DistanceHysteresis))
        {
            if (_isNear)
            {
                _isNear = false;
                _warned.RemoveWhere(warned => warned.Kind == DeskNoticeKind.Distance);
                foreach (var group in _groups)
                {
                    SetShrinking(group, false, utcNow);
                }
            }

            return;
        }

        _isNear = true;
        WatchNear(utcNow);
    }

    /// <summary>Looks at the distance of each group, when an account is near enough.</summary>
    private void WatchNear(DateTime utcNow)
    {
        for (var i = 0; i < _groups.Count; i++)
        {
            var group = _groups[i];
            var (distance, nearest) = DistanceOf(group);
            var name = nearest.Id.ToString();
            if (distance < _settings.WarnDistance)
            {
                Notice(
                    utcNow, DeskNoticeKind.Distance, name,
                    FormattableString.Invariant($"{name} is {distance:P1} from liquidation, below {_settings.WarnDistance:P0}: transfer collateral to its account."));
            }
            else if (distance >= _settings.WarnDistance + _settings.DistanceHysteresis)
            {
                _warned.Remove((DeskNoticeKind.Distance, name));
            }

            SetShrinking(group, group.IsShrinking ? distance < _settings.ShrinkTarget : distance < _settings.ShrinkDistance, utcNow);
        }
    }

    private void SetShrinking(GroupDesk group, bool shrinks, DateTime utcNow)
    {
        if (group.IsShrinking == shrinks)
        {
            return;
        }

        group.IsShrinking = shrinks;
        group.Changed();
        if (shrinks)
        {
            Notice(utcNow, DeskNoticeKind.Shrinking, group.Group.Name, FormattableString.Invariant($"{group.Group.Name} is below {_settings.ShrinkDistance:P0} from liquidation: both legs shrink until {_settings.ShrinkTarget:P0}; bring collateral to keep them."));
        }
        else
        {
            _warned.Remove((DeskNoticeKind.Shrinking, group.Group.Name));
        }
    }

    private static (decimal Distance, Instrument Instrument) DistanceOf(GroupDesk group)
    {
        var nearest = group.Primary.Instrument;
        var distance = group.Primary.Book.Held == 0m ? decimal.MaxValue : group.Primary.View.Distance ?? decimal.MaxValue;
        for (var i = 0; i < group.Legs.Count; i++)
        {
            if (group.Legs[i].Book.Held != 0m && group.Legs[i].View.Distance is { } other && other < distance)
            {
                distance = other;
                nearest = group.Legs[i].Instrument;
            }
        }

        return (distance, nearest);
    }

    /// <summary>Counts what could be lost at each venue, once a time step; much of it at one venue is said.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountShares(DateTime utcNow)
    {
        if (utcNow == _sharesUtc)
        {
            return;
        }

        _sharesUtc = utcNow;
        var all = 0m;
        for (var i = 0; i < _shares.Length; i++)
        {
            _shares[i] = _accounts.LossGivenDefault(_accounts.Markets[i]);
            all += _shares[i];
        }

        for (var i = 0; i < _shares.Length; i++)
        {
            _shares[i] = all == 0m ? 0m : _shares[i] / all;
            var market = _accounts.Markets[i];
            if (_shares[i] > _settings.ConcentrationWarn && _shares.Length > 1)
            {
                Notice(
                    utcNow, DeskNoticeKind.Concentration, market,
                    FormattableString.Invariant($"{_shares[i]:P0} of all that could be lost stands at {market}, above {_settings.ConcentrationWarn:P0}: move collateral to another venue; above {_settings.ConcentrationLimit:P0} no primary is raised there."));
            }
            else
            {
                _warned.Remove((DeskNoticeKind.Concentration, market));
            }
        }
    }

    /// <summary>Counts an order against its venue's budget; one too many halts the group. Exits are not counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsWithinBudget(GroupDesk group, DeskInstrument instrument, decimal quantity, DateTime utcNow)
    {
        var held = instrument.Book.Held;
        if (Math.Sign(quantity) == -Math.Sign(held) && Math.Abs(quantity) <= Math.Abs(held))
        {
            return true;
        }

        var venue = instrument.Health.Venue;
        if (!_sent.TryGetValue(venue, out var sent))
        {
            _sent.Add(venue, sent = []);
        }

        while (sent.Count > 0 && utcNow - sent.Peek() >= TimeSpan.FromMinutes(1))
        {
            sent.Dequeue();
        }

        if (sent.Count >= _settings.OrderBudget)
        {
            Halt(group, HaltCauses.OrderBudget);
            Notice(utcNow, DeskNoticeKind.OrderBudget, group.Group.Name, $"{group.Group.Name} asked for more than {_settings.OrderBudget} orders a minute at {venue}: it is halted, exits only; find out why, then resume it.");
            return false;
        }

        sent.Enqueue(utcNow);
        return true;
    }

    /// <summary>The largest primary on a side that the limits of group and venue allow, in contracts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal MostExposure(GroupDesk group, int side, DateTime utcNow)
    {
        var most = decimal.MaxValue;
        var unit = group.Primary.ValueOf(1m);
        if (unit <= 0m)
        {
            return most;
        }

        if (group.Group.Limits.Exposure is { } limit)
        {
            most = limit / unit;
        }

        if (LimitsOf(group.Primary).Exposure is { } atVenue)
        {
            var others = 0m;
            foreach (var other in _groups.SelectMany(other => other.Instruments))
            {
                if (other.Health == group.Primary.Health && !ReferenceEquals(other, group.Primary))
                {
                    others += other.ValueOf(Math.Abs(other.Book.Held));
                }
            }

            most = Math.Min(most, Math.Max(0m, atVenue - others) / unit);
        }

        return most;
    }

    /// <summary>Whether a residual of the group, or of the groups at its primary's venue together, is beyond its limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsNaked(GroupDesk group, DateTime utcNow)
    {
        var venue = LimitsOf(group.Primary);
        var isNaked = Exceeds(group.Group.Limits, Residual(group, utcNow), group.NakedSinceUtc, utcNow);
        if (!isNaked && venue != ExposureLimits.None)
        {
            var sum = 0m;
            DateTime? since = null;
            foreach (var other in _groups.Where(other => other.Primary.Health == group.Primary.Health))
            {
                sum += Residual(other, utcNow);
                since = other.NakedSinceUtc is { } known && !(known >= since) ? known : since;
            }

            isNaked = Exceeds(venue, sum, since, utcNow);
        }

        if (isNaked)
        {
            Notice(utcNow, DeskNoticeKind.Naked, group.Group.Name, $"{group.Group.Name} has a residual beyond its limit: its primary is not raised until the hedge stands.");
        }
        else
        {
            _warned.Remove((DeskNoticeKind.Naked, group.Group.Name));
        }

        return isNaked;
    }

    private static bool Exceeds(ExposureLimits limits, decimal residual, DateTime? sinceUtc, DateTime utcNow)
        => residual > limits.Naked || (sinceUtc is { } since && utcNow - since > limits.NakedTime);

    private static decimal Residual(GroupDesk group, DateTime utcNow)
        => group.Primary.ValueOf(group.Primary.Instrument.ContractsOf(Math.Abs(group.Residual(utcNow).Units)));

    private ExposureLimits LimitsOf(DeskInstrument instrument)
        => _settings.Venues.TryGetValue(instrument.Health.Venue, out var limits) ? limits : ExposureLimits.None;

    /// <summary>Hedge that the other groups still need at the accounts of this group's legs, in contracts of each leg: it is not there for a new primary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Promise(GroupDesk group, DateTime utcNow)
    {
        for (var i = 0; i < group.Promised.Length; i++)
        {
            var leg = group.Legs[i];
            var unit = leg.ValueOf(1m);
            var needed = 0m;
            foreach (var other in _groups)
            {
                // A group at rest needs nothing more.
                if (ReferenceEquals(other, group) || unit <= 0m || other.IsAtRest
                    || !other.Legs.Any(theirs => theirs.Instrument.Id.Route == leg.Instrument.Id.Route))
                {
                    continue;
                }

                // Every working primary order at its worst, less what hedges or works to hedge it.
                var book = other.Primary.Book;
                needed += other.Primary.ValueOf(Math.Max(Missing(other, book.Held + book.WorkingBuy, 1), Missing(other, -(book.Held + book.WorkingSell), -1)));
            }

            group.Promised[i] = needed == 0m ? 0m : needed / unit;
        }

        static decimal Missing(GroupDesk other, decimal size, int side)
        {
            var units = other.Primary.Instrument.UnitsOf(Math.Max(0m, size) * other.Group.Ratio);
            foreach (var leg in other.Legs)
            {
                units += side > 0
                    ? leg.Instrument.UnitsOf(leg.Book.Held + leg.Book.WorkingSell)
                    : -leg.Instrument.UnitsOf(leg.Book.Held + leg.Book.WorkingBuy);
            }

            return size <= 0m ? 0m : other.Primary.Instrument.ContractsOf(Math.Max(0m, units));
        }
    }
}

/// <summary>What became of a command.</summary>
/// <param name="IsDone">Whether it was carried out; else nothing changed.</param>
/// <param name="Text">What was done, or why not.</param>
public sealed record CommandResult(bool IsDone, string Text);
