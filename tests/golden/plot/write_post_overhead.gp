# Draws itself: gnuplot <this file>. The data stands in it.
$data << EOD
# x	category	series	value	low	high	range_low	range_high
-0.2	MySQL	Original	33	20	39	?	?
0.2	MySQL	Rendezvous	54	48	61	?	?
0.8	S3	Original	78.5	70	82	?	?
1.2	S3	Rendezvous	103.5	96	108	?	?
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
set label 1 '{/:Bold=15 Writing a post, by post storage}' at graph 0, screen 0.955 left
set label 2 'medians; notifications by SNS; whiskers: exact 95% interval; orange: overhead as published (as measured, if another)' at graph 0, screen 0.91 left noenhanced font ',10' tc rgb '#666666'
set yrange [0:128.571]
set format y '%g ms'
set datafile separator '\t'
set datafile missing '?'
set ylabel 'writer start to post acknowledged'
set boxwidth 0.36
set xrange [-0.6:1.6]
set xtics ("MySQL" 0, "S3" 1)
set label '33 ms' at -0.2, 39 center offset 0,0.8 noenhanced font ',11'
set label '54 ms' at 0.2, 61 center offset 0,0.8 noenhanced font ',11'
set label '+ 21 ms' at 0, 61 center offset 0,2.2 noenhanced font ',12' tc rgb '#D55E00'
set label '78 ms' at 0.8, 82 center offset 0,0.8 noenhanced font ',11'
set label '104 ms' at 1.2, 108 center offset 0,0.8 noenhanced font ',11'
set label '+ 26 ms (25 ms)' at 1, 108 center offset 0,2.2 noenhanced font ',12' tc rgb '#D55E00'
shown(v) = v < 0 ? 0 : v
most(v) = v > 128.571 ? 128.571 : v
DRAW = "plot $data using 1:(strcol(3) eq 'Original' ? shown(column(4)) : NaN) with boxes lc rgb '#56B4E9' title 'Original', $data using 1:(strcol(3) eq 'Rendezvous' ? shown(column(4)) : NaN) with boxes lc rgb '#0072B2' title 'Rendezvous', $data using 1:(shown(column(5))):(0):(shown(column(6)) - shown(column(5))) with vectors heads size graph 0.006,90,90 fixed lw 2 lc rgb '#222222' notitle"
set terminal pngcairo size 1400,840 font 'DejaVu Sans,12' fontscale 1.35 background rgb 'white'
dot = 1
set output 'write_post_overhead.png'
@DRAW
unset output
set terminal svg size 778,467 dynamic font 'DejaVu Sans,12' linewidth 0.56 background rgb 'white'
dot = 0.45
set output 'write_post_overhead.svg'
@DRAW
unset output
set terminal pdfcairo size 14.5833in,8.75in font 'DejaVu Sans,12' fontscale 1 background rgb 'white'
dot = 1
set output 'write_post_overhead.pdf'
@DRAW
unset output
