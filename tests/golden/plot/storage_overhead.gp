# Draws itself: gnuplot <this file>. The data stands in it.
$data << EOD
# x	category	series	value	low	high	range_low	range_high
-0.2	DynamoDB, posts	Original	350012	?	?	?	?
0.2	DynamoDB, posts	Antipode	350054	?	?	?	?
0.8	SNS, notifications	Original	1983	?	?	?	?
1.2	SNS, notifications	Antipode	2071	?	?	?	?
1.8	Redis, posts	Original	2702097	?	?	?	?
2.2	Redis, posts	Antipode	1351089	?	?	?	?
2.8	DynamoDB, notifications	Original	1982	?	?	?	?
3.2	DynamoDB, notifications	Antipode	2070	?	?	?	?
EOD
set encoding utf8
set border 3 lw 1 lc rgb '#444444'
set tics nomirror out
set grid ytics lt 1 lc rgb '#cccccc' lw 1
set key at graph 1, screen 0.885 right top horizontal Left reverse samplen 1 width 2
set style fill solid 1.0 noborder
set tmargin at screen 0.826
set lmargin 13
set rmargin 4
set label 1 '{/:Bold=15 Bytes of an object, by storage}' at graph 0, screen 0.955 left
set label 2 'bars: average as published; green: measured of each object, least to most' at graph 0, screen 0.91 left noenhanced font ',10' tc rgb '#666666'
set label 3 'over them the overhead: orange as published, green as measured' at graph 0, screen 0.875 left noenhanced font ',10' tc rgb '#666666'
set tmargin at screen 0.785
set key at graph 1, screen 0.845
set yrange [100:1.88727e+07]
set format y '%.0s %cB'
set logscale y
set datafile separator '\t'
set datafile missing '?'
set ylabel 'bytes of an object (log scale)'
set boxwidth 0.36
set bmargin 3.6
set xrange [-0.6:3.6]
set xtics ("DynamoDB\nposts" 0, "SNS\nnotifications" 1, "Redis\nposts" 2, "DynamoDB\nnotifications" 3)
set label '350.0 kB' at -0.2, 350012 center offset 0,0.8 noenhanced font ',11'
set label '350.1 kB' at 0.2, 350054 center offset 0,0.8 noenhanced font ',11'
set label '+42 B (+0.012 %)' at 0, 350054 center offset 0,2.2 noenhanced font ',12' tc rgb '#D55E00'
set label '1983 B' at 0.8, 1983 center offset 0,0.8 noenhanced font ',11'
set label '2071 B' at 1.2, 2071 center offset 0,0.8 noenhanced font ',11'
set label '+88 B (+4.4 %)' at 1, 2071 center offset 0,2.2 noenhanced font ',12' tc rgb '#D55E00'
set label '2.70 MB' at 1.8, 2.7021e+06 center offset 0,0.8 noenhanced font ',11'
set label '1.35 MB' at 2.2, 1.35109e+06 center offset 0,0.8 noenhanced font ',11'
set label '-1351008 B (-50 %)' at 2, 2.7021e+06 center offset 0,2.2 noenhanced font ',12' tc rgb '#D55E00'
set label '1982 B' at 2.8, 1982 center offset 0,0.8 noenhanced font ',11'
set label '2070 B' at 3.2, 2070 center offset 0,0.8 noenhanced font ',11'
set label '+88 B (+4.4 %)' at 3, 2070 center offset 0,2.2 noenhanced font ',12' tc rgb '#D55E00'
shown(v) = v < 100 ? 100 : v
most(v) = v > 1.88727e+07 ? 1.88727e+07 : v
DRAW = "plot $data using 1:(strcol(3) eq 'Original' ? shown(column(4)) : NaN) with boxes lc rgb '#56B4E9' title 'Original', $data using 1:(strcol(3) eq 'Antipode' ? shown(column(4)) : NaN) with boxes lc rgb '#0072B2' title 'Antipode', $data using 1:(shown(column(5))):(0):(shown(column(6)) - shown(column(5))) with vectors heads size graph 0.006,90,90 fixed lw 2 lc rgb '#222222' notitle"
set terminal pngcairo size 1400,840 font 'DejaVu Sans,12' fontscale 1.35 background rgb 'white'
dot = 1
set output 'storage_overhead.png'
@DRAW
unset output
set terminal svg size 778,467 dynamic font 'DejaVu Sans,12' linewidth 0.56 background rgb 'white'
dot = 0.45
set output 'storage_overhead.svg'
@DRAW
unset output
set terminal pdfcairo size 14.5833in,8.75in font 'DejaVu Sans,12' fontscale 1 background rgb 'white'
dot = 1
set output 'storage_overhead.pdf'
@DRAW
unset output
