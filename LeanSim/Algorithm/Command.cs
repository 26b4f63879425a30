namespace QuantConnect.Commands;
