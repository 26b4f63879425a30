using System;
using System.Collections.Generic;
using CrossHedgeLean.Hedging;

namespace CrossHedgeLean.Episodes;

/// <summary>The book when nothing has happened for long: what could be ended has been.</summary>
internal sealed partial class EpisodeChecker
{
    /// <summary>In this time an undisturbed venue's word on an order has come.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(8);

    /// <summary>After the last fault, and whenever nothing has happened for long: the book is in its band.</summary>
    public void CheckRest(HedgeDesk desk)
    {
        for (var i = 0; i < _venues.Groups.Count && Violation is null; i++)
        {
            var members = _venues.Groups[i];
            var group = _venues.World.Groups[i];
            var units = group.Ratio * members[0].Position.Quantity * members[0].UnitsPerContract;
            var dust = 0m;
            var rests = 0m;
            var isHedgeable = false;
            for (var leg = 1; leg < members.Count; leg++)
            {
                units += members[leg].Position.Quantity * members[leg].UnitsPerContract;
                isHedgeable |= !members[leg].IsGone;
                dust = Math.Max(dust, members[leg].Instrument.DustLimit(members[leg].Live.Last));
                if (!members[leg].Instrument.Accepts(members[leg].Instrument.RoundTowardZero(members[leg].Position.Quantity), members[leg].Live.Last))
                {
                    // Too little to be sold alone.
                    rests += Math.Abs(members[leg].Position.Quantity) * members[leg].UnitsPerContract;
                }
            }

            if (desk.Groups[i].Halts != HaltCauses.None && !IsHalted[i])
            {
                Violate(0, i, $"the group is halted by {desk.Groups[i].Halts} after the last fault; no command of the episode did that");
            }
            else if (Math.Abs(units) > Math.Max(group.Band, dust) + rests && !IsHalted[i]
                && (CanCover(group, members, units) || ((IsTradable(group, members, units) || !isHedgeable) && !group.KeepsPrimary && CanReduce(group, members[0], units))))
            {
                Violate(0, i, $"20 decisions after the last event the residual at the venues is {Text(units)}, outside band {Text(group.Band)} and dust {Text(dust)}; the desk's reason is {desk.Groups[i].Decision?.Reason}. {Describe(members)}");
            }
            else
            {
                foreach (var member in members)
                {
                    foreach (var order in member.Book)
                    {
                        if (order.IsOurs && order.EndedUtc < _venues.NowUtc - AnswerTime)
                        {
                            Violate(0, i, $"20 decisions after the last event order {order.Id} of {Text(order.Quantity)} {member.Instrument.Id} is over and still not known to be");
                        }
                    }
                }
            }
        }
    }

    /// <summary>Whether the legs together could take a residual: each what its lot, its minimum and its headroom allow.</summary>
    private bool CanCover(HedgeGroup group, List<TruthInstrument> members, decimal residual)
    {
        var left = Math.Abs(residual);
        for (var leg = 1; leg < members.Count; leg++)
        {
            var member = members[leg];
            var missing = Missing(group, members, member, residual) / member.UnitsPerContract;
            if (member.IsGone || Math.Sign(missing) != -Math.Sign(residual))
            {
                continue;
            }

            var closing = Math.Sign(member.Position.Quantity) == -Math.Sign(missing) ? Math.Abs(member.Position.Quantity) : 0m;
            var room = closing + (_viewOf(member).Headroom(missing > 0m, member.Live.Last, _settings.WarnDistance) * (1m - _settings.HeadroomReserve));
            var size = member.Instrument.RoundTowardZero(Math.Min(room, Math.Abs(missing)));
            left -= member.Instrument.Accepts(size, member.Live.Last) ? size * member.UnitsPerContract : 0m;
        }

        return left < Math.Abs(residual) && left <= Math.Max(group.Band, Dust(members));
    }

    /// <summary>Whether a leg's lot and minimum allow an order against a residual: requirement and position are each rounded.</summary>
    private static bool IsTradable(HedgeGroup group, List<TruthInstrument> members, decimal residual)
    {
        for (var leg = 1; leg < members.Count; leg++)
        {
            var member = members[leg];
            var missing = Missing(group, members, member, residual);
            if (!member.IsGone && Math.Sign(missing) == -Math.Sign(residual)
                && member.Instrument.Accepts(member.Instrument.RoundTowardZero(missing / member.UnitsPerContract), member.Live.Last))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What a leg alone would trade against a residual, in units: the requirement in its own lots, less what is held. An
    /// excess is only taken away where it stands, never offset elsewhere.
    /// </summary>
    private static decimal Missing(HedgeGroup group, List<TruthInstrument> members, TruthInstrument member, decimal residual)
    {
        var required = -group.Ratio * members[0].Position.Quantity * members[0].UnitsPerContract;
        var missing = Rounded(required, member.Instrument.LotUnits) - required - residual;
        if (required != 0m && Math.Sign(residual) == -Math.Sign(required))
        {
            return missing;
        }

        var held = member.Position.Quantity * member.UnitsPerContract;
        return Math.Sign(held) == -Math.Sign(missing) ? -Math.Sign(held) * Math.Min(Math.Abs(held), Math.Abs(missing)) : 0m;
    }

    /// <summary>Whether the venue takes the exit of the primary that would end a residual.</summary>
    private static bool CanReduce(HedgeGroup group, TruthInstrument primary, decimal units)
        => primary.Instrument.Accepts(
            primary.Instrument.RoundTowardZero(Math.Min(Math.Abs(units) / (group.Ratio * primary.UnitsPerContract), Math.Abs(primary.Position.Quantity))),
            primary.Live.Last);
}
