using System;
using QuantConnect.Orders;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>
/// A child whose venue takes our own order ids, and can be asked by them what became of an order, also of one that an
/// earlier process sent. Safe to call from any thread; answers come on any thread.
/// </summary>
public interface IVenueOrderQuery
{
    /// <summary>Gives the id under which an order of this run leaves; null: the child's own ids.</summary>
    Func<Order, string>? ClientIdOf { get; set; }

    /// <summary>Told the answers, for orders that were asked about with <see cref="Query"/> alone.</summary>
    Action<VenueOrderAnswer>? Answered { get; set; }

    /// <summary>Asks what became of an order of an earlier process.</summary>
    /// <param name="clientId">The id under which it left, if it did.</param>
    /// <exception cref="System.IO.IOException">The venue cannot be reached.</exception>
    void Query(string clientId);

    /// <summary>Cancels an order of an earlier process; what comes of it is told as an answer.</summary>
    /// <param name="clientId">The id under which it left.</param>
    /// <exception cref="System.IO.IOException">The venue cannot be reached.</exception>
    void Cancel(string clientId);
}

/// <summary>What a venue says of an order.</summary>
/// <param name="ClientId">The id under which it left.</param>
/// <param name="IsKnown">Whether the venue has, or had, it.</param>
/// <param name="IsOpen">Whether it works there.</param>
/// <param name="Filled">What traded of it so far, contracts, signed; null: not said.</param>
public sealed record VenueOrderAnswer(string ClientId, bool IsKnown, bool IsOpen, decimal? Filled);
